package io.daxconv.converter.mount;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What one container sees and where its writes go (Linux, Documentation/filesystems/overlayfs.rst).
 * A container that writes nowhere has no overlay: it gets a bind mount of the base.
 *
 * @param name {@code c1}, {@code c2}, and so on, unless others are wanted
 * @param lower the base, or the directory in it of one of several images; shared by all containers
 * @param writes where the container's writes go, or null for a read-only one
 * @param merged the container's root filesystem
 */
public record Overlay(String name, Path lower, @Nullable Writes writes, Path merged) {

  /**
   * Where the writes of one container go; both directories are on the same filesystem.
   *
   * @param upper takes the container's writes
   * @param work belongs to overlayfs
   * @param tmpfs where a tmpfs of its own is mounted, with both in it; or null
   */
  public record Writes(Path upper, Path work, @Nullable Path tmpfs) {}

  /** The same over another directory. */
  Overlay over(Path other) {
    return new Overlay(name, other, writes, merged);
  }

  /**
   * The options as mount(2) takes them. Commas and backslashes have a backslash before them, and so
   * has a colon in lowerdir, where it parts layers. mount(8) reads double quotes in options
   * besides, so that for it names from the root directory are the way.
   *
   * @param options behind the directories, joined with commas; may be empty
   */
  static String data(Path lower, Writes writes, String options) {
    return join(
        escape(lower).replace(":", "\\:"), escape(writes.upper), escape(writes.work), options);
  }

  static String join(String lower, String upper, String work, String options) {
    String paths = "lowerdir=" + lower + ",upperdir=" + upper + ",workdir=" + work;
    return options.isEmpty() ? paths : paths + "," + options;
  }

  private static String escape(Path path) {
    return path.toString().replace("\\", "\\\\").replace(",", "\\,");
  }
}
