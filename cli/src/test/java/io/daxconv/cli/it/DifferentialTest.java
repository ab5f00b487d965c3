package io.daxconv.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.cli.it.differential.Comparison;
import io.daxconv.cli.it.differential.Layout;
import io.daxconv.cli.it.differential.RandomStack;
import io.daxconv.cli.it.differential.Rule;
import io.daxconv.cli.it.differential.Stack;
import io.daxconv.cli.it.differential.TwoFlatteners;
import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random stacks of layers, flattened by daxconv and by umoci, give the same tree but for what
 * {@link Rule} says. {@code -Ddaxconv.seeds=N -Ddaxconv.firstSeed=N} choose others than the few of
 * every run; docs/differential.md has more.
 */
@RequiresTools(
    value = {"umoci", "find", "stat", "getfattr", "rm"},
    root = true)
final class DifferentialTest {
  private static final int BATCH = 64;
  private static final long SEEDS = Long.getLong("daxconv.seeds", 1000);
  private static final long FIRST = Long.getLong("daxconv.firstSeed", 1);

  /** Failures that are made smaller and shown whole. */
  private static final int MOST_SHOWN = Integer.getInteger("daxconv.shown", 3);

  private final Map<String, Integer> named = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private int equal;
  private int different;
  private int refused;

  @Test
  void flattensAsUmociDoes() throws Exception {
    try (TwoFlatteners flatteners = TwoFlatteners.start()) {
      for (long first = FIRST; first < FIRST + SEEDS; first += BATCH) {
        long[] seeds = LongStream.range(first, Math.min(first + BATCH, FIRST + SEEDS)).toArray();
        List<Stack> stacks = LongStream.of(seeds).mapToObj(RandomStack::of).toList();
        List<Comparison> found = flatteners.compare(stacks);
        for (int i = 0; i < seeds.length; i++) {
          count(found.get(i));
          if (!found.get(i).differences().isEmpty()) {
            failures.add("seed " + seeds[i] + show(flatteners, seeds[i], stacks.get(i)));
          }
        }
      }
    }
    System.out.printf(
        "differential: %d seeds from %d: %d the same tree, %d but for named differences, %d without"
            + " two trees to compare, %d failed; seeds by name: %s%n",
        SEEDS, FIRST, equal, different, refused, failures.size(), named);
    assertThat(failures).as("see target/differential").isEmpty();
    assertThat(equal + different).as("seeds that gave two trees").isGreaterThan((int) (SEEDS / 2));
  }

  private void count(Comparison comparison) {
    comparison.names().forEach(name -> named.merge(name, 1, Integer::sum));
    if (!comparison.differences().isEmpty()) {
      return;
    }
    if (comparison.refused()) {
      refused++;
    } else if (comparison.names().isEmpty()) {
      equal++;
    } else {
      different++;
    }
  }

  /** What is left of a failing stack when nothing more can go, also as a layout. */
  private String show(TwoFlatteners flatteners, long seed, Stack stack)
      throws IOException, InterruptedException {
    if (failures.size() >= MOST_SHOWN) {
      return "";
    }
    Stack smallest = flatteners.smallest(stack);
    Path layout =
        Path.of(System.getProperty("basedir", ""), "target", "differential", Long.toString(seed));
    if (Files.exists(layout)) {
      Tool.run(Path.of("."), "rm", "-rf", layout.toString());
    }
    Layout.write(smallest, layout);
    String differences =
        String.join("\n", flatteners.compare(List.of(smallest)).getFirst().differences());
    return ", made smaller in oci:%s%n%s%n%s".formatted(layout, differences, smallest);
  }
}
