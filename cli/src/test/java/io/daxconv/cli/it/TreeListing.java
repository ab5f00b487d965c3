package io.daxconv.cli.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lists a directory as {@code daxconv inspect --tree} lists an image, but sharing no code with it:
 * GNU find reads the directory. Only files, directories and symlinks, which DAXFS holds.
 */
final class TreeListing {
  private static final String FORMAT = "/%P\\0%y\\0%m\\0%U\\0%G\\0%s\\0%D:%i\\0%l\\0";
  private static final int FIELDS = 8;

  private TreeListing() {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Entry(
      byte[] path,
      char type,
      String mode,
      String uid,
      String gid,
      String size,
      String inode,
      byte[] target) {}

  /** One line a path, in the order of the paths' bytes. */
  static List<String> of(Path root) throws IOException, InterruptedException {
    List<Entry> entries = find(root);
    entries.sort((a, b) -> Arrays.compareUnsigned(a.path, b.path));
    Map<String, List<Entry>> links = new TreeMap<>();
    for (Entry entry : entries) {
      links.computeIfAbsent(entry.inode, _ -> new ArrayList<>()).add(entry);
    }
    List<String> lines = new ArrayList<>();
    for (Entry entry : entries) {
      List<Entry> names = links.getOrDefault(entry.inode, List.of());
      boolean linked = entry.type == 'f' && names.size() > 1;
      lines.add(
          String.join(
              "\t",
              escape(entry.path),
              String.valueOf(entry.type),
              "0".repeat(4 - entry.mode.length()) + entry.mode,
              entry.uid,
              entry.gid,
              entry.type == 'f' ? entry.size : "-",
              content(root, entry),
              linked ? escape(names.getFirst().path) : "-"));
    }
    return lines;
  }

  private static List<Entry> find(Path root) throws IOException, InterruptedException {
    Process find =
        new ProcessBuilder(
                "find",
                root.toString(),
                "(",
                "-type",
                "f",
                "-o",
                "-type",
                "d",
                "-o",
                "-type",
                "l",
                ")",
                "-printf",
                FORMAT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<byte[]> fields = split(find.getInputStream().readAllBytes());
    if (find.waitFor() != 0 || fields.size() % FIELDS != 0) {
      throw new IOException("find " + root + " failed");
    }
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < fields.size(); i += FIELDS) {
      entries.add(
          new Entry(
              fields.get(i),
              text(fields.get(i + 1)).charAt(0),
              text(fields.get(i + 2)),
              text(fields.get(i + 3)),
              text(fields.get(i + 4)),
              text(fields.get(i + 5)),
              text(fields.get(i + 6)),
              fields.get(i + 7)));
    }
    return entries;
  }

  private static List<byte[]> split(byte[] output) {
    List<byte[]> fields = new ArrayList<>();
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    for (byte b : output) {
      if (b == 0) {
        fields.add(field.toByteArray());
        field.reset();
      } else {
        field.write(b);
      }
    }
    return fields;
  }

  private static String content(Path root, Entry entry) throws IOException {
    return switch (entry.type) {
      case 'f' -> sha256(path(root, entry.path));
      case 'l' -> escape(entry.target);
      default -> "-";
    };
  }

  /** A path of exactly these bytes: a URI's escapes are bytes, whatever the locale is. */
  private static Path path(Path root, byte[] below) {
    StringBuilder uri = new StringBuilder(root.toUri().toString().replaceFirst("/$", ""));
    for (byte b : below) {
      uri.append(b == '/' ? "/" : "%" + HexFormat.of().toHexDigits(b));
    }
    return Path.of(URI.create(uri.toString()));
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(hash.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String escape(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      boolean plain = b > 32 && b < 127 && b != '%';
      text.append(
          plain ? String.valueOf((char) b) : "%" + HexFormat.of().withUpperCase().toHexDigits(b));
    }
    return text.toString();
  }

  private static String text(byte[] field) {
    return new String(field, StandardCharsets.US_ASCII);
  }
}
