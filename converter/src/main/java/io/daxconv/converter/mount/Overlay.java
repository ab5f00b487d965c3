package io.daxconv.converter.mount;

import java.nio.file.Path;
import java.util.List;

/**
 * What one container sees and where its writes go (Linux, Documentation/filesystems/overlayfs.rst).
 *
 * @param name {@code c1}, {@code c2}, and so on; also its directory under the plan's root
 * @param lower the base, shared by all containers
 * @param upper takes the container's writes
 * @param work belongs to overlayfs
 * @param merged the container's root filesystem
 */
public record Overlay(String name, Path lower, Path upper, Path work, Path merged) {
  static final String BASE = "base";
  static final String UPPER = "upper";
  static final String WORK = "work";
  static final String MERGED = "merged";

  static Overlay of(Path root, int number) {
    String name = "c" + number;
    Path directory = root.resolve(name);
    return new Overlay(
        name,
        root.resolve(BASE),
        directory.resolve(UPPER),
        directory.resolve(WORK),
        directory.resolve(MERGED));
  }

  /**
   * The options as mount(2) takes them. Commas and backslashes have a backslash before them, and so
   * has a colon in lowerdir, where it parts layers. mount(8) reads double quotes in options
   * besides, so that for it {@link #relativeData} is the way.
   */
  String data(List<String> options) {
    return join(
        escape(lower).replace(":", "\\:"), escape(upper), escape(work), String.join(",", options));
  }

  /**
   * The options with paths from the plan's root, in which nothing needs an escape. How escapes are
   * read has changed with kernels (5.x, 6.5, 6.7) and with mount(8) (2.39); these mean the same to
   * all.
   */
  String relativeData(List<String> options) {
    return join(BASE, name + "/" + UPPER, name + "/" + WORK, String.join(",", options));
  }

  private static String join(String lower, String upper, String work, String options) {
    String paths = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
    return options.isEmpty() ? paths : paths + "," + options;
  }

  private static String escape(Path path) {
    return path.toString().replace("\\", "\\\\").replace(",", "\\,");
  }
}
