package io.daxconv.cli.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What stat(1) says of a path of a mounted image, in the words of our commands.
 *
 * @param path from the image's root, escaped
 * @param mode type and permissions in ten letters
 * @param octal permissions, four digits
 * @param type as stat calls it
 * @param device {@code major} and {@code minor}, decimal
 * @param target of a symlink, escaped; empty for others
 */
record MountedInode(
    String path,
    String mode,
    String octal,
    String type,
    String links,
    String uid,
    String gid,
    String size,
    Instant modified,
    String number,
    List<String> device,
    String target) {
  private static final int FIELDS = 12;
  private static final Map<String, String> TYPES =
      Map.of(
          "regular file", "file",
          "regular empty file", "file",
          "directory", "directory",
          "symbolic link", "symlink",
          "character special file", "character-device",
          "block special file", "block-device",
          "fifo", "fifo");

  /** All paths of a mounted image, by one stat and one find. */
  static List<MountedInode> all(ReadImage real) throws IOException, InterruptedException {
    Map<String, String> targets = new HashMap<>();
    List<String> links =
        ReadImage.records(
            real.printed(List.of("find", ".", "-type", "l", "-printf", "%p\\0%l\\0")));
    for (int i = 0; i < links.size(); i += 2) {
      targets.put(links.get(i), escape(links.get(i + 1)));
    }
    String script =
        "find . -print0 | LC_ALL=C xargs -0 -n 100000 stat --printf"
            + " '%n\\0%A\\0%a\\0%F\\0%h\\0%u\\0%g\\0%s\\0%.9Y\\0%i\\0%t\\0%T\\0'";
    List<String> fields = ReadImage.records(real.printed(List.of("sh", "-c", script)));
    List<MountedInode> all = new ArrayList<>();
    for (int i = 0; i < fields.size(); i += FIELDS) {
      List<String> of = fields.subList(i, i + FIELDS);
      String[] time = of.get(8).split("[.]", 2);
      all.add(
          new MountedInode(
              of.get(0).equals(".") ? "/" : escape(of.get(0).substring(1)),
              of.get(1),
              "%04o".formatted(Integer.parseInt(of.get(2), 8)),
              of.get(3),
              of.get(4),
              of.get(5),
              of.get(6),
              of.get(7),
              Instant.ofEpochSecond(Long.parseLong(time[0]), Long.parseLong(time[1])),
              of.get(9),
              List.of(decimal(of.get(10)), decimal(of.get(11))),
              targets.getOrDefault(of.get(0), "")));
    }
    return all;
  }

  private static String decimal(String hexadecimal) {
    return Integer.toString(Integer.parseInt(hexadecimal, 16));
  }

  private static String escape(String bytes) {
    return Escapes.escape(bytes.getBytes(ISO_8859_1));
  }

  private boolean isDevice() {
    return mode.startsWith("c") || mode.startsWith("b");
  }

  /** As a line of {@code ls -l}, with the whole path and one space between fields. */
  String listed() {
    return String.join(
            " ",
            mode,
            links,
            uid,
            gid,
            isDevice() ? String.join(",", device) : size,
            Instant.ofEpochSecond(modified.getEpochSecond()).toString(),
            path)
        + (mode.startsWith("l") ? " -> " + target : "");
  }

  /** As {@code stat} shows it, but for xattrs and where data is. */
  String shown() {
    long bytes = Long.parseLong(size);
    StringBuilder text = new StringBuilder(path).append('\n');
    field(text, "type", TYPES.getOrDefault(type, type));
    field(text, "mode", octal + " " + mode);
    field(text, "owner", uid + ":" + gid);
    field(text, "size", String.format(Locale.ROOT, "%,d byte%s", bytes, bytes == 1 ? "" : "s"));
    field(text, "links", links);
    field(text, "inode", number);
    field(text, "modified", modified.toString());
    if (isDevice()) {
      field(text, "device", String.join(":", device));
    }
    if (mode.startsWith("l")) {
      field(text, "target", target);
    }
    return text.toString();
  }

  private static void field(StringBuilder text, String name, String value) {
    text.append("  %-10s %s%n".formatted(name, value));
  }
}
