package io.daxconv.converter.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that this process holds the lock of. The lock is one of {@code fcntl}, which the kernel
 * takes back from a process that ends in whatever way. Such a lock is the process's: it is lost
 * when any channel to the file is closed (POSIX, fcntl), so this process must not open its own
 * files to see whether they are locked, and remembers them by device and inode instead.
 *
 * @param channel open for reading and writing
 * @param key the file's device and inode
 */
record LockedFile(FileChannel channel, Object key) {
  /** The files of this process; the monitor of all that is done to locks. */
  private static final Set<Object> OWN = new HashSet<>();

  /**
   * Makes a file and locks it. Where the file system has no locks the file goes without: then
   * nobody else can lock it either, and it is left alone.
   *
   * @return null if another process took it for abandoned between the one and the other
   */
  static @Nullable LockedFile create(Path path, FileAttribute<?>... attributes) throws IOException {
    synchronized (OWN) {
      FileChannel channel =
          FileChannel.open(
              path,
              Set.of(
                  StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
              attributes);
      boolean ours = false;
      try {
        BasicFileAttributes found = attributes(path);
        if (found != null && isLockable(channel) && attributes(path) != null) {
          ours = true;
          OWN.add(found.fileKey());
          return new LockedFile(channel, found.fileKey());
        }
        return null;
      } finally {
        if (!ours) {
          channel.close();
        }
      }
    }
  }

  /**
   * Opens a file that may be there, made if it is not, and locks it.
   *
   * @return null if somebody else is at work on it, or if the file system has no locks, where that
   *     cannot be known
   */
  static @Nullable LockedFile take(Path path) throws IOException {
    synchronized (OWN) {
      BasicFileAttributes before = attributes(path);
      if (before != null && (!before.isRegularFile() || OWN.contains(before.fileKey()))) {
        return null;
      }
      FileChannel channel =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS);
      boolean ours = false;
      try {
        boolean locked = hasLock(channel);
        // Whoever had it may have finished and renamed it since it was opened.
        BasicFileAttributes after = attributes(path);
        if (locked
            && after != null
            && (before == null || after.fileKey().equals(before.fileKey()))) {
          ours = true;
          OWN.add(after.fileKey());
          return new LockedFile(channel, after.fileKey());
        }
        return null;
      } finally {
        if (!ours) {
          channel.close();
        }
      }
    }
  }

  private static boolean hasLock(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException | OverlappingFileLockException noLockHere) {
      return false;
    }
  }

  private static boolean isLockable(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException noLocksHere) {
      return true;
    }
  }

  /** Removes a file if it is a regular one and nobody holds its lock. */
  static void removeAbandoned(Path path) throws IOException {
    synchronized (OWN) {
      BasicFileAttributes found = attributes(path);
      if (found == null || !found.isRegularFile() || OWN.contains(found.fileKey())) {
        return;
      }
      try (FileChannel channel =
          FileChannel.open(
              path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
        if (channel.tryLock() != null) {
          Files.deleteIfExists(path);
        }
      } catch (NoSuchFileException | OverlappingFileLockException finishedOrOpen) {
        return;
      }
    }
  }

  private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException gone) {
      return null;
    }
  }

  /** Closes it, and gives up its lock. */
  void close() throws IOException {
    synchronized (OWN) {
      OWN.remove(key);
      channel.close();
    }
  }

  /** Lets it be an ordinary file, still open. */
  void release() {
    synchronized (OWN) {
      OWN.remove(key);
    }
  }
}
