package io.daxconv.converter.mount;

import io.daxconv.converter.text.Escapes;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What the containers of a plan are called; their directories are called so too. */
public final class ContainerNames {
  private static final int LONGEST = 64;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (LONGEST - 1) + "}");

  /** Of the plan's own directories beside them. */
  private static final Set<String> TAKEN =
      Set.of(PlanDirectories.BASE, PlanDirectories.UPPERS, PlanDirectories.MERGED);

  private ContainerNames() {}

  /**
   * {@code c1}, {@code c2}, and so on.
   *
   * @throws MountPlanException if they are none, or too many
   */
  public static List<String> numbered(int containers) throws MountPlanException {
    requireNumber(containers);
    return IntStream.rangeClosed(1, containers).mapToObj(number -> "c" + number).toList();
  }

  /**
   * Reads names with commas between them.
   *
   * @throws MountPlanException if one is no name, or there twice
   */
  public static List<String> parse(String text) throws MountPlanException {
    List<String> names = List.of(text.split(",", -1));
    check(names);
    return names;
  }

  static void check(List<String> names) throws MountPlanException {
    requireNumber(names.size());
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!isName(name) || TAKEN.contains(name)) {
        throw new MountPlanException(
            "container: expected a name of letters, digits, '.', '_' and '-', at most "
                + LONGEST
                + ", and not base, uppers or merged, found "
                + Escapes.quote(name));
      }
      if (!seen.add(name)) {
        throw new MountPlanException(
            "containers: expected each name once, found " + name + " twice");
      }
    }
  }

  /** Whether it can name a container or a plan: it is a word to every format. */
  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  private static void requireNumber(int containers) throws MountPlanException {
    if (containers < 1 || containers > MountPlan.MOST_CONTAINERS) {
      throw new MountPlanException(
          "containers: expected 1 to " + MountPlan.MOST_CONTAINERS + ", found " + containers);
    }
  }
}
