package io.daxconv.converter.testing;

import io.daxconv.converter.ConversionResult;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeEntry;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A converted image, read back whole.
 *
 * @param result what the conversion said
 * @param bytes the file
 * @param annex what the image says of itself
 * @param tree one line a path, without the root and without metadata: {@code /dir/}, {@code /file
 *     'content'}, {@code /symlink -> target}, {@code /name = /first-name} for a hard link
 * @param details one line a path, the root too: {@code /path type mode uid:gid}
 * @param inodes the inode of each path
 */
@SuppressWarnings("ArrayRecordComponent")
public record ConvertedImage(
    ConversionResult result,
    byte[] bytes,
    Annex annex,
    List<String> tree,
    List<String> details,
    Map<String, InodeEntry> inodes) {

  private static final int LONGEST_SHOWN = 64;

  /** Reads the file of a conversion. */
  public static ConvertedImage read(ConversionResult result) throws IOException {
    Path file = result.file();
    List<String> tree = new ArrayList<>();
    List<String> details = new ArrayList<>();
    Map<String, InodeEntry> inodes = new HashMap<>();
    try (DaxfsImage image = DaxfsImage.open(file)) {
      Map<Integer, String> firstNames = new HashMap<>();
      TreeWalk<InodeEntry> walk = image.walk();
      for (TreeWalk.Step<InodeEntry> step = walk.next(); step != null; step = walk.next()) {
        InodeEntry inode = step.inode();
        String path = Escapes.escape(step.path());
        inodes.put(path, inode);
        details.add(detail(path, inode));
        String first = firstNames.putIfAbsent(inode.number(), path);
        if (first != null) {
          tree.add(path + " = " + first);
        } else if (!path.equals("/")) {
          tree.add(path + content(image, inode));
        }
      }
      Annex annex = Objects.requireNonNull(image.annex());
      return new ConvertedImage(result, Files.readAllBytes(file), annex, tree, details, inodes);
    }
  }

  /** The line of one path, from {@link #details}. */
  public String detail(String path) {
    return details.stream().filter(line -> line.startsWith(path + " ")).findFirst().orElseThrow();
  }

  /** The inode of a path. */
  public InodeEntry inode(String path) {
    return Objects.requireNonNull(inodes.get(path), path);
  }

  /** The bytes of a regular file. */
  public byte[] content(String path) {
    InodeEntry inode = inode(path);
    int from = (int) (superblock().baseOffset() + inode.dataOffset());
    return Arrays.copyOfRange(bytes, from, from + (int) inode.size());
  }

  public Superblock superblock() {
    return Superblock.read(MemorySegment.ofArray(bytes), 0);
  }

  private static String detail(String path, InodeEntry inode) {
    String type =
        switch (FileMode.type(inode.mode())) {
          case FileMode.DIRECTORY -> "d";
          case FileMode.SYMLINK -> "l";
          default -> "f";
        };
    return String.format(
        Locale.ROOT,
        "%s %s %04o %s:%s",
        path,
        type,
        inode.mode() & FileMode.PERMISSIONS,
        Integer.toUnsignedString(inode.uid()),
        Integer.toUnsignedString(inode.gid()));
  }

  private static String content(DaxfsImage image, InodeEntry inode) throws IOException {
    return switch (FileMode.type(inode.mode())) {
      case FileMode.DIRECTORY -> "/";
      case FileMode.SYMLINK -> " -> " + Escapes.escape(image.target(inode));
      default ->
          inode.size() <= LONGEST_SHOWN
              ? " '" + Escapes.escape(image.contents(inode).toArray(ValueLayout.JAVA_BYTE)) + "'"
              : " " + inode.size() + " bytes";
    };
  }
}
