package io.daxconv.converter.mount;

import io.daxconv.converter.text.Escapes;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where what containers write goes. */
public sealed interface Upper {

  /**
   * To {@code NAME/upper} in a directory, for each container. It must be on a filesystem that can
   * be an overlay's upper layer (ext4, xfs, btrfs and tmpfs can).
   */
  record Directory(Path directory) implements Upper {}

  /**
   * To a tmpfs of each container's own, gone when it is unmounted.
   *
   * @param size its bytes at most; without, half of the memory (tmpfs(5))
   */
  record Tmpfs(OptionalLong size) implements Upper {
    public Tmpfs {
      if (size.isPresent() && size.getAsLong() < 1) {
        throw new IllegalArgumentException(
            "expected a tmpfs of more than 0 bytes, found " + size.getAsLong());
      }
    }
  }

  /** Nowhere: containers are read-only. */
  record None() implements Upper {}

  /**
   * Reads {@code tmpfs}, {@code tmpfs:SIZE} (bytes, or with k, m or g behind them), {@code none},
   * or a directory; one called tmpfs is {@code ./tmpfs}.
   *
   * @throws MountPlanException if it is none of these
   */
  static Upper parse(String text) throws MountPlanException {
    if (text.equals("none")) {
      return new None();
    }
    if (text.equals("tmpfs")) {
      return new Tmpfs(OptionalLong.empty());
    }
    if (text.startsWith("tmpfs:")) {
      return new Tmpfs(OptionalLong.of(size(text.substring("tmpfs:".length()))));
    }
    if (text.isEmpty()) {
      throw new MountPlanException(
          "upper: expected tmpfs, tmpfs:SIZE, none or a directory, found \"\"");
    }
    return new Directory(Path.of(text));
  }

  private static long size(String text) throws MountPlanException {
    Matcher matcher = Pattern.compile("([1-9][0-9]{0,17})([kKmMgG]?)").matcher(text);
    if (matcher.matches()) {
      int shift =
          switch (matcher.group(2)) {
            case "" -> 0;
            case "k", "K" -> 10;
            case "m", "M" -> 20;
            default -> 30;
          };
      long number = Long.parseLong(matcher.group(1));
      if (number <= Long.MAX_VALUE >> shift) {
        return number << shift;
      }
    }
    throw new MountPlanException(
        "upper: expected tmpfs: and a number of bytes such as 67108864 or 64m, found "
            + Escapes.quote(text));
  }
}
