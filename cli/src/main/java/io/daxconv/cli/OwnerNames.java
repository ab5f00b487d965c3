package io.daxconv.cli;

import io.daxconv.converter.browse.ImageTree;
import io.daxconv.converter.browse.PathException;
import io.daxconv.converter.browse.PathLookup;
import io.daxconv.converter.browse.PathLookup.Found;
import io.daxconv.converter.format.SegmentStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Names of users and groups as the image itself has them: passwd(5) and group(5). */
final class OwnerNames {
  /** Nobody's list is longer; an image says so only to cost memory. */
  private static final long LONGEST = 16 << 20;

  private final ImageTree tree;
  private final PathLookup lookup;

  OwnerNames(ImageTree tree, PathLookup lookup) {
    this.tree = tree;
    this.lookup = lookup;
  }

  /**
   * The id of a user or group; a number stands for itself.
   *
   * @param file {@code /etc/passwd} or {@code /etc/group}: in both a line starts {@code
   *     NAME:PASSWORD:ID}
   * @throws IllegalArgumentException if the image has no such name
   */
  long id(String name, String file) throws IOException {
    if (name.matches("[0-9]{1,10}")) {
      return Long.parseLong(name);
    }
    for (String line : text(file).split("\n", -1)) {
      String[] fields = line.split(":", -1);
      if (fields.length > 2 && fields[0].equals(name) && fields[2].matches("[0-9]{1,10}")) {
        return Long.parseLong(fields[2]);
      }
    }
    throw new IllegalArgumentException(
        "expected a number, or a name in the image's " + file + ", found " + name);
  }

  private String text(String file) throws IOException {
    Found found;
    try {
      found = lookup.find(file.getBytes(StandardCharsets.UTF_8), true);
    } catch (PathException e) {
      return "";
    }
    if (!found.inode().isRegular() || Long.compareUnsigned(found.inode().size(), LONGEST) > 0) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (MemorySegment piece : tree.contents(found.inode())) {
      try (InputStream in = new SegmentStream(piece)) {
        text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return text.toString();
  }
}
