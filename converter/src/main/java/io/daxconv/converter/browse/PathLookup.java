package io.daxconv.converter.browse;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.EntryName;
import io.daxconv.converter.text.Escapes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows paths inside an image. The image's root is the root of all of them, as after {@code
 * chroot}: an absolute target starts there, and {@code ..} does not leave it.
 */
public final class PathLookup {
  /** As many symlinks as Linux follows in one path (MAXSYMLINKS in linux/namei.h). */
  private static final int MOST_SYMLINKS = 40;

  private final ImageTree tree;

  public PathLookup(ImageTree tree) {
    this.tree = tree;
  }

  /**
   * What a path leads to.
   *
   * @param path from the image's root, without symlinks but perhaps in its last name
   * @param inode what is there
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Found(byte[] path, FileInode inode) {}

  @SuppressWarnings("ArrayRecordComponent")
  private record Place(byte @Nullable [] name, FileInode inode) {}

  /**
   * Follows a path from the root, whether or not it starts with a slash.
   *
   * @param followLast whether a symlink in the last name is followed too; one with a slash behind
   *     it always is
   * @throws PathException if there is nothing, something on the way is no directory, or symlinks
   *     lead in a circle
   * @throws CorruptImageException if what is on the way cannot be read
   */
  public Found find(byte[] path, boolean followLast) throws IOException {
    Deque<byte[]> left = new ArrayDeque<>(names(path));
    Deque<Place> places = new ArrayDeque<>();
    places.addLast(new Place(null, tree.root()));
    int symlinks = 0;
    while (!left.isEmpty()) {
      byte[] name = left.removeFirst();
      Place place = places.getLast();
      if (!place.inode.isDirectory()) {
        throw missing(
            path,
            "a directory at " + Escapes.escape(joined(places)),
            FileKind.of(place.inode).phrase());
      }
      if (isDots(name, 1)) {
        continue;
      }
      if (isDots(name, 2)) {
        if (places.size() > 1) {
          places.removeLast();
        }
        continue;
      }
      FileInode inode = EntryName.isValid(name) ? tree.lookup(place.inode, name) : null;
      if (inode == null) {
        throw missing(path, "something there", "nothing");
      }
      if (inode.isSymlink() && (followLast || !left.isEmpty())) {
        if (++symlinks > MOST_SYMLINKS) {
          String expected = "at most " + MOST_SYMLINKS + " symlinks on the way";
          throw missing(path, expected, "more, or a circle");
        }
        byte[] target = tree.target(inode);
        if (target[0] == '/') {
          while (places.size() > 1) {
            places.removeLast();
          }
        }
        List<byte[]> names = names(target);
        for (int i = names.size() - 1; i >= 0; i--) {
          left.addFirst(names.get(i));
        }
      } else {
        places.addLast(new Place(name, inode));
      }
    }
    return new Found(joined(places), places.getLast().inode);
  }

  /** The names of a path; a slash at its end is a {@code .} behind it. */
  private static List<byte[]> names(byte[] path) {
    List<byte[]> names = new ArrayList<>();
    int from = 0;
    for (int i = 0; i <= path.length; i++) {
      if (i == path.length || path[i] == '/') {
        if (i > from) {
          names.add(Arrays.copyOfRange(path, from, i));
        }
        from = i + 1;
      }
    }
    if (!names.isEmpty() && path[path.length - 1] == '/') {
      names.add(new byte[] {'.'});
    }
    return names;
  }

  private static boolean isDots(byte[] name, int count) {
    if (name.length != count) {
      return false;
    }
    for (byte b : name) {
      if (b != '.') {
        return false;
      }
    }
    return true;
  }

  private static byte[] joined(Deque<Place> places) {
    ByteArrayOutputStream path = new ByteArrayOutputStream();
    for (Place place : places) {
      if (place.name != null) {
        path.write('/');
        path.writeBytes(place.name);
      }
    }
    return path.size() == 0 ? new byte[] {'/'} : path.toByteArray();
  }

  private PathException missing(byte[] path, String expected, String found) {
    return new PathException(tree.name(), path, expected, found);
  }
}
