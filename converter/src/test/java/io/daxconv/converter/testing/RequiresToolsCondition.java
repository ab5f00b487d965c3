package io.daxconv.converter.testing;

import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Decides over tests with {@link RequiresTools}. */
final class RequiresToolsCondition implements ExecutionCondition {
  /** Starts each reason, by which {@link LeftOutTests} knows them. */
  static final String REASON = "needs ";

  static final String MODE_PROPERTY = "daxconv.integration";

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getElement(), RequiresTools.class)
        .map(requires -> decide(Mode.current(), Machine.THIS.missing(requires)))
        .orElseGet(() -> ConditionEvaluationResult.enabled("needs nothing"));
  }

  static ConditionEvaluationResult decide(Mode mode, List<String> missing) {
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("all that it needs is here");
    }
    String reason = REASON + String.join(", ", missing);
    return switch (mode) {
      case AUTO -> ConditionEvaluationResult.disabled(reason);
      case REQUIRED ->
          throw new IllegalStateException(
              "-D" + MODE_PROPERTY + "=required: this test " + reason + ", not found here");
    };
  }

  /** What happens to a test that misses something. */
  enum Mode {
    AUTO,
    REQUIRED;

    static Mode current() {
      String text = System.getProperty(MODE_PROPERTY, "auto");
      return switch (text) {
        case "auto" -> AUTO;
        case "required" -> REQUIRED;
        default ->
            throw new IllegalStateException(
                "-D" + MODE_PROPERTY + ": expected auto or required, found " + text);
      };
    }
  }
}
