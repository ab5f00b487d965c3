package io.daxconv.cli.it.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lists directories that others have made, many in one go and with no code of the converter: GNU
 * find reads types, modes, owners, links and times, stat the numbers of devices, getfattr the
 * xattrs.
 */
public final class Rootfs {
  private static final String FORMAT = "%H\\0/%P\\0%y\\0%m\\0%U:%G\\0%s\\0%T@\\0%D:%i\\0%l\\0";
  private static final int FIELDS = 9;
  private static final String NAME = "# file: ";

  private final Path base;
  private final Map<String, String> devices = new HashMap<>();
  private final Map<String, String> xattrs = new HashMap<>();
  private final Map<String, SortedMap<String, Flattened.Found>> trees = new HashMap<>();

  private Rootfs(Path base) {
    this.base = base;
  }

  /**
   * The trees in these directories.
   *
   * @param names of directories in the base; plain ones
   */
  public static Map<String, SortedMap<String, Flattened.Found>> list(Path base, List<String> names)
      throws IOException, InterruptedException {
    Rootfs rootfs = new Rootfs(base);
    if (!names.isEmpty()) {
      rootfs.readDevices(names);
      rootfs.readXattrs(names);
      rootfs.readFiles(names);
    }
    return rootfs.trees;
  }

  private void readFiles(List<String> names) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("find"));
    argv.addAll(names);
    argv.addAll(List.of("-printf", FORMAT));
    String[] fields = run(argv).split("\0", -1);
    List<String[]> files = new ArrayList<>();
    for (int i = 0; i + FIELDS <= fields.length; i += FIELDS) {
      files.add(Arrays.copyOfRange(fields, i, i + FIELDS));
    }
    files.sort((a, b) -> a[1].compareTo(b[1]));
    Map<String, String> firstNames = new HashMap<>();
    for (String[] file : files) {
      String path = file[1];
      String key = file[0] + path;
      trees
          .computeIfAbsent(file[0], name -> new TreeMap<>())
          .put(path, found(file, key, firstNames.merge(file[7], path, (known, other) -> known)));
    }
  }

  private Flattened.Found found(String[] file, String key, String first) throws IOException {
    char type = file[2].charAt(0);
    return new Flattened.Found(
        type,
        Integer.parseInt(file[3], 8),
        file[4],
        type == 'f' ? Long.parseLong(file[5]) : 0,
        switch (type) {
          case 'f' -> Digest.sha256(Files.readAllBytes(path(key))).hex();
          case 'l' -> file[8];
          default -> devices.getOrDefault(key, "");
        },
        first,
        nanos(file[6]),
        xattrs.getOrDefault(key, ""));
  }

  /**
   * find prints negative times as if their nanoseconds were a fraction: -2 s and 0.75 s as -2.75.
   */
  private static String nanos(String time) {
    int dot = time.indexOf('.');
    BigDecimal fraction = new BigDecimal("0" + time.substring(dot));
    return new BigDecimal(time.substring(0, dot))
        .add(fraction)
        .movePointRight(9)
        .toBigInteger()
        .toString();
  }

  private void readDevices(List<String> names) throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("find"));
    argv.addAll(names);
    argv.addAll(List.of("(", "-type", "b", "-o", "-type", "c", ")"));
    argv.addAll(List.of("-exec", "stat", "--printf", "%t:%T:%n\\0", "{}", "+"));
    for (String record : run(argv).split("\0", -1)) {
      String[] parts = record.split(":", 3);
      if (parts.length == 3) {
        devices.put(
            parts[2], Integer.parseInt(parts[0], 16) + ":" + Integer.parseInt(parts[1], 16));
      }
    }
  }

  private void readXattrs(List<String> names) throws IOException, InterruptedException {
    List<String> argv =
        new ArrayList<>(List.of("getfattr", "-R", "-P", "-h", "-d", "-m", "-", "-e", "hex"));
    argv.addAll(names);
    for (String file : run(argv).split("\n\n", -1)) {
      if (file.startsWith(NAME)) {
        String[] lines = file.strip().split("\n", -1);
        String path = unescape(lines[0].substring(NAME.length()));
        String[] values =
            Arrays.stream(lines, 1, lines.length).map(Rootfs::xattr).toArray(String[]::new);
        Arrays.sort(values);
        xattrs.put(path.indexOf('/') < 0 ? path + "/" : path, String.join(",", values));
      }
    }
  }

  /** An empty value has no equals sign after its name. */
  private static String xattr(String line) {
    int value = line.indexOf("=0x");
    return value < 0
        ? unescape(line) + "="
        : unescape(line.substring(0, value)) + "=" + line.substring(value + 3);
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

  /** A path of exactly these bytes: a URI's escapes are bytes, whatever the locale is. */
  private Path path(String below) {
    StringBuilder uri = new StringBuilder(base.toUri().toString().replaceFirst("/$", "") + "/");
    for (byte b : below.getBytes(ISO_8859_1)) {
      uri.append(b == '/' ? "/" : "%" + HexFormat.of().toHexDigits(b));
    }
    return Path.of(URI.create(uri.toString()));
  }

  /** What a program prints, one character a byte. */
  private String run(List<String> argv) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(argv)
            .directory(base.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    byte[] printed = process.getInputStream().readAllBytes();
    if (process.waitFor() != 0) {
      throw new IOException(argv + " in " + base + " failed");
    }
    return new String(printed, ISO_8859_1);
  }
}
