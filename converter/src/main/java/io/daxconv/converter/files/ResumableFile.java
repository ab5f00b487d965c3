package io.daxconv.converter.files;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that a later run may go on with, whatever ends this one: it stays under its name until it
 * is moved to its place or given up. It is locked as long as it is written, so that two never write
 * it at once; the lock ends with the process.
 */
public final class ResumableFile implements Closeable {
  private final Path path;
  private final LockedFile file;
  private boolean moved;

  private ResumableFile(Path path, LockedFile file) {
    this.path = path;
    this.file = file;
  }

  /**
   * Opens the file, or makes it.
   *
   * @return null if somebody else is at work on it, or nobody can know
   */
  public static @Nullable ResumableFile open(Path path) throws IOException {
    LockedFile file = LockedFile.take(path);
    return file == null ? null : new ResumableFile(path, file);
  }

  /** Its bytes, those of earlier runs too. */
  public FileChannel channel() {
    return file.channel();
  }

  /**
   * Puts it in its place, at once, but does not wait until it is on disk: it is for files that are
   * checked when they are read. From then on it is an ordinary file, whose channel is the caller's
   * to close.
   *
   * @param target in the same directory
   */
  public void moveTo(Path target) throws IOException {
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    moved = true;
  }

  /** Removes it: nobody is to go on with it. */
  public void giveUp() throws IOException {
    Files.deleteIfExists(path);
  }

  /** Leaves it for a later run, unless it was moved. */
  @Override
  public void close() throws IOException {
    if (moved) {
      file.release();
    } else {
      file.close();
    }
  }
}
