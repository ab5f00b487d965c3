package io.daxconv.cli.it.differential;

import io.daxconv.converter.text.Escapes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What two flatteners made of one stack, side by side.
 *
 * @param excused the rules by which they may differ as they do
 * @param refusal the rule by which only one of them refuses the stack, or null
 * @param differences what no rule excuses, a line each
 * @param refused whether neither gave a tree to compare
 */
public record Comparison(
    Set<Rule> excused, Rule.@Nullable Refusal refusal, List<String> differences, boolean refused) {

  /** The names of all rules by which the two differ. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    excused.forEach(rule -> names.add(rule.name()));
    if (refusal != null) {
      names.add(refusal.name());
    }
    return names;
  }

  /** One difference of two trees. */
  record Difference(
      String path, String field, Flattened.@Nullable Found ours, Flattened.@Nullable Found theirs) {
    /** A line that shows it. */
    @Override
    public String toString() {
      return escape(path) + ": " + field + ": daxconv " + show(ours) + ", umoci " + show(theirs);
    }

    private String show(Flattened.@Nullable Found found) {
      if (found == null) {
        return "nothing";
      }
      return switch (field) {
        case "mode" -> "%04o".formatted(found.mode());
        case "owner" -> found.owner();
        case "size" -> Long.toString(found.size());
        case "content" -> escape(found.content());
        case "links" -> escape(found.firstName());
        case "mtime" -> found.mtime();
        case "xattrs" -> escape(found.xattrs());
        default -> found.type() + " " + escape(found.content());
      };
    }

    private static String escape(String bytes) {
      return Escapes.escape(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /**
   * Compares.
   *
   * @param started nanoseconds since 1970 before umoci began
   */
  public static Comparison of(Stack stack, Flattened ours, Flattened theirs, long started) {
    Facts facts = new Facts(stack, started);
    return switch (ours) {
      case Flattened.Refused _ when theirs instanceof Flattened.Refused ->
          new Comparison(Set.of(), null, List.of(), true);
      case Flattened.Refused(String message) ->
          refused(Rule.Refusal.of(facts, true, message), "only daxconv refuses: " + message);
      case Flattened.Tree(var files) ->
          switch (theirs) {
            case Flattened.Refused(String message) ->
                refused(Rule.Refusal.of(facts, false, message), "only umoci refuses: " + message);
            case Flattened.Tree(var others) -> trees(facts, differences(files, others));
          };
    };
  }

  /** Where two trees differ, and in what: for each a path and a field, or on which side it is. */
  public static List<String> places(
      SortedMap<String, Flattened.Found> ours, SortedMap<String, Flattened.Found> theirs) {
    return differences(ours, theirs).stream()
        .map(
            difference ->
                Difference.escape(difference.path())
                    + ": "
                    + difference.field().replace("only umoci", "only there"))
        .toList();
  }

  private static Comparison refused(Rule.@Nullable Refusal rule, String line) {
    return new Comparison(Set.of(), rule, rule == null ? List.of(line) : List.of(), true);
  }

  private static Comparison trees(Facts facts, List<Difference> differences) {
    Set<Rule> excused = EnumSet.noneOf(Rule.class);
    List<String> left = new ArrayList<>();
    for (Difference difference : differences) {
      Rule rule = Rule.of(facts, difference);
      if (rule == null) {
        left.add(difference.toString());
      } else {
        excused.add(rule);
      }
    }
    return new Comparison(excused, null, left, false);
  }

  private static List<Difference> differences(
      java.util.Map<String, Flattened.Found> ours, java.util.Map<String, Flattened.Found> theirs) {
    List<Difference> differences = new ArrayList<>();
    Set<String> paths = new TreeSet<>(ours.keySet());
    paths.addAll(theirs.keySet());
    for (String path : paths) {
      Flattened.Found our = ours.get(path);
      Flattened.Found their = theirs.get(path);
      if (our == null || their == null) {
        differences.add(
            new Difference(path, our == null ? "only umoci" : "only daxconv", our, their));
        continue;
      }
      add(differences, path, "type", our, their, our.type() == their.type());
      add(differences, path, "mode", our, their, our.mode() == their.mode());
      add(differences, path, "owner", our, their, our.owner().equals(their.owner()));
      add(differences, path, "size", our, their, our.size() == their.size());
      add(differences, path, "content", our, their, our.content().equals(their.content()));
      add(differences, path, "links", our, their, our.firstName().equals(their.firstName()));
      add(differences, path, "mtime", our, their, our.mtime().equals(their.mtime()));
      add(differences, path, "xattrs", our, their, our.xattrs().equals(their.xattrs()));
    }
    return differences;
  }

  private static void add(
      List<Difference> differences,
      String path,
      String field,
      Flattened.Found our,
      Flattened.Found their,
      boolean equal) {
    if (!equal) {
      differences.add(new Difference(path, field, our, their));
    }
  }
}
