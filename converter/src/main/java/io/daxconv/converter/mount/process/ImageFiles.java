package io.daxconv.converter.mount.process;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.DirectoryEntry;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeEntry;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Single files of an image, found by path; symlinks stay inside the image, as for a container. */
final class ImageFiles {
  /** path_resolution(7): the kernel's limit. */
  private static final int MOST_SYMLINKS = 40;

  private static final byte[] DOT = {'.'};
  private static final byte[] DOT_DOT = {'.', '.'};

  private final DaxfsImage image;
  private final @Nullable InodeEntry root;

  /**
   * The files of an image.
   *
   * @param packed the name of the one of several images whose files they are, or null
   * @throws CorruptImageException if that one has no directory
   */
  ImageFiles(DaxfsImage image, @Nullable String packed) throws CorruptImageException {
    this.image = image;
    InodeEntry first = image.inodeCount() == 0 ? null : image.inode(1);
    this.root = packed == null ? first : directory(first, packed);
  }

  /** The root directory; null in an image without a tree. */
  @Nullable InodeEntry root() {
    return root;
  }

  /** Symlinks are not followed: they would lead elsewhere when the image is mounted. */
  private InodeEntry directory(@Nullable InodeEntry first, String packed)
      throws CorruptImageException {
    InodeEntry found = first == null ? null : child(first, packed.getBytes(StandardCharsets.UTF_8));
    if (found == null || FileMode.type(found.mode()) != FileMode.DIRECTORY) {
      throw new CorruptImageException(
          "%s: /%s: expected the directory of an image, found none"
              .formatted(image.name(), packed));
    }
    return found;
  }

  /** Whether there is something at a path, at the end of all symlinks. */
  boolean exists(String path) throws CorruptImageException {
    return find(path) != null;
  }

  /**
   * The text of a regular file, which should be UTF-8.
   *
   * @return null if there is none
   * @throws CorruptImageException if it is longer than that
   */
  @Nullable String read(String path, long longest) throws CorruptImageException {
    InodeEntry file = find(path);
    if (file == null || FileMode.type(file.mode()) != FileMode.REGULAR || image.isSplit()) {
      return null;
    }
    if (Long.compareUnsigned(file.size(), longest) > 0) {
      throw new CorruptImageException(
          "%s: %s: expected at most %d bytes, found %s"
              .formatted(image.name(), path, longest, Long.toUnsignedString(file.size())));
    }
    byte[] bytes = image.contents(file).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private @Nullable InodeEntry find(String path) throws CorruptImageException {
    if (root == null) {
      return null;
    }
    Deque<InodeEntry> at = new ArrayDeque<>(List.of(root));
    Deque<byte[]> rest = new ArrayDeque<>();
    push(path.getBytes(StandardCharsets.UTF_8), rest);
    int symlinks = 0;
    while (!rest.isEmpty()) {
      byte[] name = rest.pop();
      if (name.length == 0 || Arrays.equals(name, DOT)) {
        continue;
      }
      if (Arrays.equals(name, DOT_DOT)) {
        if (at.size() > 1) {
          at.pop();
        }
        continue;
      }
      InodeEntry next = child(at.getFirst(), name);
      if (next == null) {
        return null;
      }
      if (FileMode.type(next.mode()) != FileMode.SYMLINK) {
        at.push(next);
        continue;
      }
      if (++symlinks > MOST_SYMLINKS) {
        return null;
      }
      byte[] target = image.target(next);
      if (target[0] == '/') {
        at.clear();
        at.push(root);
      }
      push(target, rest);
    }
    return at.getFirst();
  }

  private @Nullable InodeEntry child(InodeEntry directory, byte[] name)
      throws CorruptImageException {
    if (FileMode.type(directory.mode()) != FileMode.DIRECTORY) {
      return null;
    }
    for (DirectoryEntry entry : image.entries(directory)) {
      if (Arrays.equals(entry.name(), name)) {
        return image.inode(Integer.toUnsignedLong(entry.inode()));
      }
    }
    return null;
  }

  /** Puts the names of a path before those that are left. */
  private static void push(byte[] path, Deque<byte[]> rest) {
    int end = path.length;
    while (end >= 0) {
      int slash = end - 1;
      while (slash >= 0 && path[slash] != '/') {
        slash--;
      }
      rest.push(Arrays.copyOfRange(path, slash + 1, end));
      end = slash;
    }
  }
}
