package io.daxconv.converter.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The mounts of this process's mount namespace ({@code /proc/self/mountinfo}, proc(5)), in the
 * order of that file.
 */
public record MountTable(List<Entry> entries) {
  private static final Path FILE = Path.of("/proc/self/mountinfo");

  /** Fields before the optional ones, and those behind their end. */
  private static final int FIXED_FIELDS = 6;

  /**
   * A mount.
   *
   * @param number its id, which later mounts may get again
   * @param device major and minor number, such as {@code 0:39}
   * @param root what of the filesystem it shows
   * @param mountPoint where it is; bytes that are not UTF-8 are U+FFFD
   * @param type the filesystem's
   * @param source as the filesystem tells it
   * @param options of the filesystem itself
   */
  public record Entry(
      long number,
      String device,
      String root,
      String mountPoint,
      String type,
      String source,
      String options) {}

  public MountTable {
    entries = List.copyOf(entries);
  }

  /** As they are now. */
  public static MountTable read() throws IOException {
    return read(FILE);
  }

  /**
   * As a file has them.
   *
   * @param mountInfo of proc(5)
   */
  public static MountTable read(Path mountInfo) throws IOException {
    return parse(Files.readAllBytes(mountInfo));
  }

  static MountTable parse(byte[] text) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String line : new String(text, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      String[] fields = line.split(" ", -1);
      int separator = List.of(fields).indexOf("-");
      if (separator < FIXED_FIELDS || fields.length < separator + 4) {
        throw KernelException.missing(
            FILE + ": expected 6 fields, \" - \" and 3 more, found another line");
      }
      entries.add(
          new Entry(
              Long.parseLong(fields[0]),
              fields[2],
              unescape(fields[3]),
              unescape(fields[4]),
              unescape(fields[separator + 1]),
              unescape(fields[separator + 2]),
              fields[separator + 3]));
    }
    return new MountTable(entries);
  }

  /** Space, tab, newline and backslash stand as {@code \} and three octal digits. */
  private static String unescape(String field) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(field.length());
    for (int i = 0; i < field.length(); i++) {
      if (field.charAt(i) == '\\' && field.substring(i + 1).matches("(?s)[0-3][0-7]{2}.*")) {
        bytes.write(Integer.parseInt(field.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        bytes.write(field.charAt(i));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** The one with an id. */
  public Optional<Entry> numbered(long number) {
    return entries.stream().filter(entry -> entry.number == number).findFirst();
  }

  /** Those that are at a directory or below it; the directory is one without symlinks. */
  public List<Entry> from(Path directory) {
    return entries.stream()
        .filter(
            entry ->
                entry.mountPoint.equals(directory.toString())
                    || entry.mountPoint.startsWith(
                        directory.getParent() == null ? "/" : directory + "/"))
        .toList();
  }
}
