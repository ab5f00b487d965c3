package io.daxconv.converter.browse;

import io.daxconv.converter.browse.ImageTree.Step;
import io.daxconv.converter.daxfs.FileMode;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a part of a tree as a tar that {@code docker import} and {@code podman import} take: PAX
 * with xattrs, hard links and devices, times in nanoseconds, holes as zeros. The root is {@code
 * ./}, all other paths start with their first name. The same tree gives the same bytes.
 */
public final class TarExtraction {
  private static final int CHUNK = 1 << 18;

  /** GNU tar and others pad to whole records of so many bytes. */
  private static final int RECORD = 20 * PaxHeader.BLOCK;

  private final ImageTree tree;
  private final OutputStream out;
  private final Extraction extraction;
  private final byte[] chunk = new byte[CHUNK];
  private long written;

  private TarExtraction(ImageTree tree, PathLookup.Found from, OutputStream out) {
    this.tree = tree;
    this.out = out;
    this.extraction = new Extraction(tree, from);
  }

  /**
   * Writes a directory of an image with all below it, or a single file.
   *
   * @return what a tar cannot hold
   * @throws IOException if the tree cannot be followed or the output fails
   */
  public static List<Loss> write(ImageTree tree, PathLookup.Found from, OutputStream out)
      throws IOException {
    TarExtraction tar = new TarExtraction(tree, from, out);
    for (Step step = tar.extraction.next(); step != null; step = tar.extraction.next()) {
      tar.entry(step);
    }
    tar.end();
    return tar.extraction.losses();
  }

  private void entry(Step step) throws IOException {
    FileInode inode = step.inode();
    byte[] first = extraction.firstName(step);
    byte[] path = path(step);
    if (inode.type() == FileMode.SOCKET) {
      extraction.lose(step, Loss.Kind.SOCKET, "a tar has no sockets");
    } else if (first != null) {
      // What the first name has said of the file holds for all.
      header(new PaxHeader('1', path, first, inode, 0));
    } else {
      boolean regular = inode.isRegular();
      byte[] target = inode.isSymlink() ? tree.target(inode) : new byte[0];
      List<MemorySegment> pieces = regular ? extraction.contents(step) : List.of();
      PaxHeader header =
          new PaxHeader(type(inode), path, target, inode, regular ? inode.size() : 0);
      tree.xattrs(inode).forEach(header::xattr);
      header(header);
      for (MemorySegment piece : pieces) {
        data(piece);
      }
      write(new byte[PaxHeader.padding(regular ? inode.size() : 0)]);
    }
  }

  private byte[] path(Step step) {
    byte[] relative = extraction.relative(step);
    if (relative.length == 0) {
      if (step.inode().isDirectory()) {
        return new byte[] {'.', '/'};
      }
      int slash = step.path().length;
      while (step.path()[slash - 1] != '/') {
        slash--;
      }
      return Arrays.copyOfRange(step.path(), slash, step.path().length);
    }
    if (!step.inode().isDirectory()) {
      return relative;
    }
    byte[] path = Arrays.copyOf(relative, relative.length + 1);
    path[relative.length] = '/';
    return path;
  }

  private static char type(FileInode inode) {
    return switch (FileKind.of(inode)) {
      case REGULAR -> '0';
      case SYMLINK -> '2';
      case CHARACTER_DEVICE -> '3';
      case BLOCK_DEVICE -> '4';
      case DIRECTORY -> '5';
      case FIFO -> '6';
      case SOCKET -> throw new IllegalArgumentException("a socket");
    };
  }

  private void header(PaxHeader header) throws IOException {
    write(header.bytes());
  }

  private void data(MemorySegment bytes) throws IOException {
    for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
      int count = (int) Math.min(CHUNK, bytes.byteSize() - at);
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, chunk, 0, count);
      out.write(chunk, 0, count);
      written += count;
    }
  }

  private void write(byte[] bytes) throws IOException {
    out.write(bytes);
    written += bytes.length;
  }

  private void end() throws IOException {
    write(new byte[2 * PaxHeader.BLOCK]);
    write(new byte[(int) ((RECORD - written % RECORD) % RECORD)]);
  }
}
