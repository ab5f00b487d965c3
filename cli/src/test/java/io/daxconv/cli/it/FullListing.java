package io.daxconv.cli.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lists a directory with all that Linux keeps of it: GNU find reads types, modes, owners, links and
 * times in nanoseconds, stat the numbers of devices, getfattr the xattrs. Contents are {@link
 * TreeListing}'s.
 */
final class FullListing {
  private static final String FORMAT = "%P\\0%y\\0%m\\0%U:%G\\0%s\\0%n\\0%T@\\0%D:%i\\0%l\\0";
  private static final int FIELDS = 9;
  private static final String NAME = "# file: ";

  private FullListing() {}

  /** One line a path, in the order of the paths as Latin-1. */
  static List<String> of(Path root) throws IOException, InterruptedException {
    Map<String, String> devices = devices(root);
    Map<String, String> xattrs = xattrs(root);
    Map<String, String> firstNames = new TreeMap<>();
    List<String> lines = new ArrayList<>();
    for (String[] found : find(root)) {
      String path = found[0];
      boolean directory = found[1].equals("d");
      lines.add(
          String.join(
              " ",
              "/" + path,
              found[1],
              found[2],
              found[3],
              // What a directory's size and links mean, each filesystem says for itself.
              directory ? "-" : found[4],
              directory ? "-" : found[5],
              found[6],
              directory ? "-" : firstNames.computeIfAbsent(found[7], _ -> "/" + path),
              found[8],
              devices.getOrDefault(path, "-"),
              xattrs.getOrDefault(path, "-")));
    }
    return lines;
  }

  private static List<String[]> find(Path root) throws IOException, InterruptedException {
    String[] fields = run(root, "find", ".", "-printf", FORMAT).split("\0", -1);
    List<String[]> found = new ArrayList<>();
    for (int i = 0; i + FIELDS <= fields.length; i += FIELDS) {
      found.add(Arrays.copyOfRange(fields, i, i + FIELDS));
    }
    found.sort((a, b) -> a[0].compareTo(b[0]));
    return found;
  }

  /** {@code major:minor}, hexadecimal, by path. */
  private static Map<String, String> devices(Path root) throws IOException, InterruptedException {
    String[] argv = {
      "find",
      ".",
      "(",
      "-type",
      "b",
      "-o",
      "-type",
      "c",
      ")",
      "-exec",
      "stat",
      "--printf",
      "%t:%T/%n\\0",
      "{}",
      "+"
    };
    Map<String, String> devices = new TreeMap<>();
    for (String record : run(root, argv).split("\0", -1)) {
      int dot = record.indexOf("/./");
      if (dot >= 0) {
        devices.put(record.substring(dot + 3), record.substring(0, dot));
      }
    }
    return devices;
  }

  /** All xattrs by path, values in hexadecimal, in the order of the names. */
  private static Map<String, String> xattrs(Path root) throws IOException, InterruptedException {
    Map<String, String> xattrs = new TreeMap<>();
    for (String file :
        run(root, "getfattr", "-R", "-P", "-h", "-d", "-m", "-", "-e", "hex", ".")
            .split("\n\n", -1)) {
      if (file.startsWith(NAME)) {
        String[] lines = file.strip().split("\n", -1);
        String path = unescape(lines[0].substring(NAME.length()));
        String[] values = Arrays.copyOfRange(lines, 1, lines.length);
        Arrays.sort(values);
        xattrs.put(path.equals(".") ? "" : path, String.join(",", values));
      }
    }
    return xattrs;
  }

  /** getfattr shows some bytes of names as three octal digits after a backslash. */
  private static String unescape(String name) {
    StringBuilder bytes = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) == '\\') {
        bytes.append((char) Integer.parseInt(name.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        bytes.append(name.charAt(i));
      }
    }
    return bytes.toString();
  }

  /** What a program prints, one character a byte. */
  private static String run(Path root, String... argv) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(argv)
            .directory(root.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    byte[] printed = process.getInputStream().readAllBytes();
    if (process.waitFor() != 0) {
      throw new IOException(List.of(argv) + " in " + root + " failed");
    }
    return new String(printed, StandardCharsets.ISO_8859_1);
  }
}
