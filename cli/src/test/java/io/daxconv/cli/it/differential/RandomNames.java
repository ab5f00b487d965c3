package io.daxconv.cli.it.differential;

import java.util.List;
import java.util.SplittableRandom;

/** Paths made at random, one character a byte. Few names, so that entries meet. */
final class RandomNames {
  private static final List<String> PLAIN = List.of("a", "b", "c", "a-b");
  private static final List<String> ODD =
      List.of(
          "\u00ff\u00fe",
          "new\nline",
          "back\\slash",
          "a space",
          "%41",
          "n".repeat(255),
          "w".repeat(252),
          "\u00c3\u00a9",
          "e\u00cc\u0081",
          "-rf",
          "\u0001\t\u007f",
          "...",
          ".wh",
          "wh.a",
          "'\"$(x)");

  private final SplittableRandom random;

  RandomNames(SplittableRandom random) {
    this.random = random;
  }

  String name() {
    return pick(random.nextInt(100) < 93 ? PLAIN : ODD);
  }

  /** One to four names. */
  String path() {
    StringBuilder path = new StringBuilder(name());
    while (path.length() < 1000 && random.nextInt(100) < 45) {
      path.append('/').append(name());
    }
    return path.toString();
  }

  /** The same path as another tool might write it. */
  String spelled(String path) {
    return switch (random.nextInt(40)) {
      case 0, 1, 2, 3 -> "./" + path;
      case 4, 5 -> "/" + path;
      case 6 -> "//" + path.replace("/", "//");
      case 7 -> "./." + "/" + path.replace("/", "/./");
      case 8 -> name() + "/../" + path;
      case 9 -> "/./" + name() + "/" + name() + "/../../" + path;
      default -> path;
    };
  }

  /** What a symlink may say. */
  String target() {
    return switch (random.nextInt(12)) {
      case 0 -> "/";
      case 1 -> ".";
      case 2 -> "..";
      case 3 -> "../../../" + path();
      case 4, 5 -> "/" + path();
      case 6 -> "../" + path();
      case 7 -> "./" + name() + "//" + name() + "/.";
      default -> path();
    };
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
