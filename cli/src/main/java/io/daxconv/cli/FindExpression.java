package io.daxconv.cli;

import io.daxconv.converter.browse.FileInode;
import io.daxconv.converter.browse.FileKind;
import io.daxconv.converter.browse.Glob;
import io.daxconv.converter.browse.ImageTree;
import io.daxconv.converter.browse.ImageTree.Step;
import io.daxconv.converter.browse.Mtime;
import io.daxconv.converter.browse.PathLookup;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The expression of {@code find}: tests joined as find(1) joins them. */
final class FindExpression {
  /** Parentheses within parentheses beyond this are no question anybody has. */
  private static final int DEEPEST = 100;

  private static final Set<String> WITHOUT_ARGUMENT = Set.of("-empty", "-print", "-true");

  private final List<String> words;
  private final ImageTree tree;
  private final PathLookup lookup;
  private final Function<String, byte[]> bytes;
  private int at;
  private int depth;

  /** Whether a path is one of those looked for. */
  @FunctionalInterface
  interface Test {
    boolean matches(Step step) throws IOException;
  }

  private FindExpression(
      List<String> words, ImageTree tree, PathLookup lookup, Function<String, byte[]> bytes) {
    this.words = words;
    this.tree = tree;
    this.lookup = lookup;
    this.bytes = bytes;
  }

  /** Whether a word starts an expression and is no path. */
  static boolean isStart(String word) {
    return (word.startsWith("-") && word.length() > 1) || word.equals("!") || word.equals("(");
  }

  /**
   * Parses an expression; an empty one matches all.
   *
   * @param bytes the bytes of an argument that is a name or a path
   * @throws IllegalArgumentException if it is none, with the reason
   * @throws IOException if a path of it leads nowhere
   */
  static Test parse(
      List<String> words, ImageTree tree, PathLookup lookup, Function<String, byte[]> bytes)
      throws IOException {
    FindExpression expression = new FindExpression(words, tree, lookup, bytes);
    if (words.isEmpty()) {
      return step -> true;
    }
    Test test = expression.or();
    if (expression.at < words.size()) {
      throw expected("the end of the expression", words.get(expression.at));
    }
    return test;
  }

  private static IllegalArgumentException expected(String what, String found) {
    return new IllegalArgumentException("expected " + what + ", found " + found);
  }

  private boolean take(String... any) {
    boolean found = at < words.size() && List.of(any).contains(words.get(at));
    at += found ? 1 : 0;
    return found;
  }

  private Test or() throws IOException {
    Test all = and();
    while (take("-o", "-or")) {
      Test left = all;
      Test right = and();
      all = step -> left.matches(step) || right.matches(step);
    }
    return all;
  }

  private Test and() throws IOException {
    Test all = not();
    while (at < words.size() && !List.of("-o", "-or", ")").contains(words.get(at))) {
      boolean _ = take("-a", "-and");
      Test left = all;
      Test right = not();
      all = step -> left.matches(step) && right.matches(step);
    }
    return all;
  }

  private Test not() throws IOException {
    boolean negated = false;
    while (take("!", "-not")) {
      negated = !negated;
    }
    Test test = primary();
    return negated ? step -> !test.matches(step) : test;
  }

  private Test primary() throws IOException {
    if (at == words.size()) {
      throw expected("a test", "the end of the expression");
    }
    if (take("(")) {
      if (++depth > DEEPEST) {
        throw expected("at most " + DEEPEST + " parentheses within each other", "more");
      }
      Test test = or();
      depth--;
      if (!take(")")) {
        throw expected(")", at < words.size() ? words.get(at) : "the end of the expression");
      }
      return test;
    }
    String name = words.get(at++);
    if (WITHOUT_ARGUMENT.contains(name)) {
      return name.equals("-empty") ? this::isEmpty : step -> true;
    }
    if (name.equals("-xattr")
        && (at == words.size() || isStart(words.get(at)) || words.get(at).equals(")"))) {
      return step -> !tree.xattrs(step.inode()).isEmpty();
    }
    return withArgument(name);
  }

  private String argument(String name) {
    if (at == words.size()) {
      throw expected("an argument of " + name, "the end of the expression");
    }
    return words.get(at++);
  }

  private Test withArgument(String name) throws IOException {
    return switch (name) {
      case "-name", "-iname" -> {
        Glob glob = new Glob(bytes.apply(argument(name)), name.equals("-iname"));
        yield step -> glob.matches(name(step.path()));
      }
      case "-path", "-wholename" -> {
        Glob glob = new Glob(bytes.apply(argument(name)), false);
        yield step -> glob.matches(step.path());
      }
      case "-lname" -> {
        Glob glob = new Glob(bytes.apply(argument(name)), false);
        yield step -> step.inode().isSymlink() && glob.matches(tree.target(step.inode()));
      }
      case "-xattr" -> {
        Glob glob = new Glob(bytes.apply(argument(name)), false);
        yield step ->
            tree.xattrs(step.inode()).keySet().stream()
                .anyMatch(key -> glob.matches(Escapes.unescape(key)));
      }
      case "-type" -> type(argument(name));
      case "-size" -> size(argument(name));
      case "-perm" -> permissions(argument(name));
      case "-user" -> {
        long uid = names().id(argument(name), "/etc/passwd");
        yield step -> step.inode().uid() == uid;
      }
      case "-group" -> {
        long gid = names().id(argument(name), "/etc/group");
        yield step -> step.inode().gid() == gid;
      }
      case "-uid" -> number(name, argument(name), FileInode::uid);
      case "-gid" -> number(name, argument(name), FileInode::gid);
      case "-links" -> number(name, argument(name), FileInode::links);
      case "-inum" -> number(name, argument(name), FileInode::number);
      case "-newer" -> newer(lookup.find(bytes.apply(argument(name)), false).inode().mtime());
      case "-newermt" -> newer(date(argument(name)));
      default -> throw expected("a test that find has", name);
    };
  }

  private OwnerNames names() {
    return new OwnerNames(tree, lookup);
  }

  private static byte[] name(byte[] path) {
    int from = path.length;
    while (from > 0 && path[from - 1] != '/') {
      from--;
    }
    return from == path.length ? path : Arrays.copyOfRange(path, from, path.length);
  }

  private boolean isEmpty(Step step) throws IOException {
    if (!step.inode().isDirectory()) {
      return step.inode().isRegular() && step.inode().size() == 0;
    }
    ImageTree.Walk walk = tree.walk(step.path(), step.inode(), TreeWalk.Order.NAMES, 1);
    walk.next();
    return walk.next() == null;
  }

  private static Test type(String letters) {
    for (String letter : letters.split(",", -1)) {
      if (letter.length() != 1 || "bcdflps".indexOf(letter.charAt(0)) < 0) {
        throw expected("-type with letters of bcdflps and commas between them", letters);
      }
    }
    return step -> letters.indexOf(FileKind.of(step.inode()).letter()) >= 0;
  }

  /** A number that something is, or more with a {@code +}, or less with a {@code -}. */
  private static Test number(String name, String text, ToLongFunction<FileInode> value) {
    char sign = text.isEmpty() ? ' ' : text.charAt(0);
    String digits = sign == '+' || sign == '-' ? text.substring(1) : text;
    if (!digits.matches("[0-9]{1,18}")) {
      throw expected(name + " [+-]N", text);
    }
    long number = Long.parseLong(digits);
    return step -> {
      int order = Long.compareUnsigned(value.applyAsLong(step.inode()), number);
      return sign == '+' ? order > 0 : sign == '-' ? order < 0 : order == 0;
    };
  }

  /** In units that are counted when they are begun, as find does: 1k is any size up to 1024. */
  private static Test size(String text) {
    int last = text.length() - 1;
    int unit = last < 0 ? -1 : "cwbkMG".indexOf(text.charAt(last));
    long bytes = unit < 0 ? 512 : new long[] {1, 2, 512, 1 << 10, 1 << 20, 1 << 30}[unit];
    return number(
        "-size",
        unit < 0 ? text : text.substring(0, last),
        inode -> Long.divideUnsigned(inode.size() + bytes - 1, bytes));
  }

  private static Test permissions(String text) {
    char how = text.isEmpty() ? ' ' : text.charAt(0);
    String digits = how == '-' || how == '/' ? text.substring(1) : text;
    if (!digits.matches("[0-7]{1,4}")) {
      throw expected("-perm [-/]MODE with octal digits", text);
    }
    int mode = Integer.parseInt(digits, 8);
    return step -> {
      int found = step.inode().permissions();
      return switch (how) {
        case '-' -> (found & mode) == mode;
        case '/' -> mode == 0 || (found & mode) != 0;
        default -> found == mode;
      };
    };
  }

  private static Test newer(@Nullable Mtime than) {
    if (than == null) {
      throw expected("a view that has times", "DAXFS, which has none");
    }
    return step -> {
      Mtime mtime = step.inode().mtime();
      return mtime != null && mtime.compareTo(than) > 0;
    };
  }

  private static Mtime date(String text) {
    try {
      Instant instant;
      if (text.startsWith("@")) {
        instant = Instant.ofEpochSecond(Long.parseLong(text.substring(1)));
      } else if (text.length() == 10) {
        instant = LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      } else if (text.matches(".*(Z|[+-][0-9:]{5,6})")) {
        instant = OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
      } else {
        instant = LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
      }
      return new Mtime(instant.getEpochSecond(), instant.getNano());
    } catch (DateTimeParseException | NumberFormatException e) {
      throw expected("a date such as 2026-01-31 or 2026-01-31T12:00:00Z, in UTC", text);
    }
  }
}
