package io.daxconv.converter.testing;

import java.io.PrintStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** Ends a run with one line that names the integration tests left out, and why; none, no line. */
public final class LeftOutTests implements TestExecutionListener {
  private final PrintStream out;
  private final Map<String, String> reasons = new TreeMap<>();

  /** For the service loader. */
  public LeftOutTests() {
    this(System.out);
  }

  LeftOutTests(PrintStream out) {
    this.out = out;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    if (reason.startsWith(RequiresToolsCondition.REASON)) {
      reasons.put(test.getSource().map(LeftOutTests::name).orElse(test.getDisplayName()), reason);
    }
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    if (!reasons.isEmpty()) {
      out.println(
          "Integration tests left out: "
              + reasons.entrySet().stream()
                  .map(test -> test.getKey() + " (" + test.getValue() + ")")
                  .collect(Collectors.joining(", ")));
      reasons.clear();
    }
  }

  private static String name(TestSource source) {
    return switch (source) {
      case ClassSource type -> simple(type.getClassName());
      case MethodSource method -> simple(method.getClassName()) + "." + method.getMethodName();
      default -> source.toString();
    };
  }

  private static String simple(String className) {
    return className.substring(className.lastIndexOf('.') + 1);
  }
}
