package io.daxconv.converter.browse;

import io.daxconv.converter.browse.ImageTree.Step;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.linux.DirectoryHandle;
import io.daxconv.converter.linux.FileCallException;
import io.daxconv.converter.linux.FileHandle;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Puts a part of a tree into a directory of this machine, with owners, permissions, times, xattrs,
 * devices and hard links as far as the user may. Files are made by single names in directories that
 * are open, and no symlink is followed: nothing gets outside.
 */
public final class DirectoryExtraction {
  private static final int SET_ID = 06000;

  /** As a name, the directory itself. */
  private static final byte[] SELF = {'.'};

  private final ImageTree tree;
  private final boolean force;
  private final Extraction extraction;
  private final Deque<Open> open = new ArrayDeque<>();

  /** A directory whose metadata is set when all in it is there. */
  private record Open(Step step, DirectoryHandle handle) {}

  private DirectoryExtraction(ImageTree tree, PathLookup.Found from, boolean force) {
    this.tree = tree;
    this.force = force;
    this.extraction = new Extraction(tree, from);
  }

  /**
   * Extracts a directory of an image with all below it.
   *
   * @param from the directory, or a single file, which goes into the directory
   * @param into a directory, made if it is not there
   * @param force whether it may have something in it, which is replaced where names are the same
   * @return what could not be restored
   * @throws ExtractException if there is something in it, or a file cannot be made; what was made
   *     before stays
   */
  public static List<Loss> extract(ImageTree tree, PathLookup.Found from, Path into, boolean force)
      throws IOException {
    Files.createDirectories(into);
    try (Stream<Path> there = Files.list(into)) {
      if (!force && there.findAny().isPresent()) {
        throw new ExtractException(into + ": expected an empty directory, found files in it");
      }
    }
    DirectoryExtraction extraction = new DirectoryExtraction(tree, from, force);
    try (DirectoryHandle root = DirectoryHandle.open(into)) {
      extraction.run(root);
    } finally {
      extraction.open.forEach(directory -> directory.handle.close());
    }
    return extraction.extraction.losses();
  }

  private void run(DirectoryHandle root) throws IOException {
    for (Step step = extraction.next(); step != null; step = extraction.next()) {
      while (!open.isEmpty() && open.getLast().step.depth() >= step.depth()) {
        finishDirectory();
      }
      try {
        make(step, root);
      } catch (IOException e) {
        throw Extraction.at(step, e);
      }
    }
    while (!open.isEmpty()) {
      finishDirectory();
    }
  }

  private void make(Step step, DirectoryHandle root) throws IOException {
    boolean directory = step.inode().isDirectory();
    if (step.depth() == 0 && directory) {
      open.addLast(new Open(step, root.reopened()));
      return;
    }
    DirectoryHandle parent = open.isEmpty() ? root : open.getLast().handle;
    byte[] name = lastName(step.path());
    byte[] first = extraction.firstName(step);
    if (force) {
      replace(parent, name, directory);
    }
    if (directory) {
      makeDirectory(parent, name);
      open.addLast(new Open(step, parent.directory(name)));
    } else if (first != null) {
      link(root, first, parent, name);
    } else if (makeFile(step, parent, name)) {
      metadata(step, parent, name);
    }
  }

  private static byte[] lastName(byte[] path) {
    int at = path.length;
    while (path[at - 1] != '/') {
      at--;
    }
    return Arrays.copyOfRange(path, at, path.length);
  }

  /** Removes what is in the way; directories stay, and what was in them before. */
  private static void replace(DirectoryHandle parent, byte[] name, boolean directory)
      throws IOException {
    if (directory) {
      try {
        parent.directory(name).close();
        return;
      } catch (FileCallException e) {
        // Not there, or no directory.
      }
    }
    try {
      parent.unlink(name);
    } catch (FileCallException e) {
      if (!e.isMissing()) {
        throw e;
      }
    }
  }

  private void makeDirectory(DirectoryHandle parent, byte[] name) throws IOException {
    try {
      parent.makeDirectory(name);
    } catch (FileCallException e) {
      if (!force || !e.isThere()) {
        throw e;
      }
    }
  }

  private static void link(DirectoryHandle root, byte[] first, DirectoryHandle parent, byte[] name)
      throws IOException {
    DirectoryHandle from = root;
    try {
      int start = 0;
      for (int i = 0; i < first.length; i++) {
        if (first[i] == '/') {
          DirectoryHandle next = from.directory(Arrays.copyOfRange(first, start, i));
          if (from != root) {
            from.close();
          }
          from = next;
          start = i + 1;
        }
      }
      parent.link(name, from, Arrays.copyOfRange(first, start, first.length));
    } finally {
      if (from != root) {
        from.close();
      }
    }
  }

  /** Makes what is no directory; false if that was not allowed. */
  private boolean makeFile(Step step, DirectoryHandle parent, byte[] name) throws IOException {
    FileInode inode = step.inode();
    switch (inode.type()) {
      case FileMode.REGULAR -> {
        List<MemorySegment> pieces = extraction.contents(step);
        try (FileHandle file = parent.file(name)) {
          for (MemorySegment piece : pieces) {
            file.append(piece);
          }
          file.finish();
        }
      }
      case FileMode.SYMLINK -> parent.symlink(name, tree.target(inode));
      default -> {
        try {
          parent.special(name, inode.type() | 0600, inode.major(), inode.minor());
        } catch (FileCallException e) {
          if (!e.isRefusal()) {
            throw e;
          }
          extraction.lose(step, Loss.Kind.SPECIAL_FILE, e.reason());
          return false;
        }
      }
    }
    return true;
  }

  private void finishDirectory() throws IOException {
    Open directory = open.removeLast();
    try (DirectoryHandle handle = directory.handle) {
      metadata(directory.step, handle, SELF);
    } catch (IOException e) {
      throw Extraction.at(directory.step, e);
    }
  }

  /** Owner first, for it clears what comes after; times last, for all else changes them. */
  private void metadata(Step step, DirectoryHandle parent, byte[] name) throws IOException {
    FileInode inode = step.inode();
    int permissions = inode.permissions();
    try {
      parent.owner(name, (int) inode.uid(), (int) inode.gid());
    } catch (FileCallException e) {
      if (!e.isRefusal()) {
        throw e;
      }
      extraction.lose(step, Loss.Kind.OWNER, e.reason());
      // They would hand out the rights of whoever has it now.
      permissions = inode.isDirectory() ? permissions : permissions & ~SET_ID;
    }
    if (!inode.isSymlink()) {
      parent.permissions(name, permissions);
    }
    for (Map.Entry<String, byte[]> xattr : tree.xattrs(inode).entrySet()) {
      try {
        parent.xattr(name, Escapes.unescape(xattr.getKey()), xattr.getValue());
      } catch (FileCallException e) {
        if (!e.isRefusal()) {
          throw e;
        }
        extraction.lose(step, Loss.Kind.XATTR, xattr.getKey() + ": " + e.reason());
      }
    }
    Mtime mtime = inode.mtime();
    if (mtime != null) {
      parent.times(name, mtime.seconds(), mtime.nanos());
    }
  }
}
