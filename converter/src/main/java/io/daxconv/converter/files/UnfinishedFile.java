package io.daxconv.converter.files;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A file that must not be left behind unless it gets finished: it is removed when it is closed, and
 * when the program is asked to end (by Ctrl-C, say) while it is open.
 *
 * <p>It is locked as long as it is written. {@code kill -9} leaves it, but not its lock, so that
 * {@link AbandonedFiles} can tell it from one at work.
 */
public final class UnfinishedFile implements AutoCloseable {
  private final Path path;
  private final Thread atExit;
  private @Nullable LockedFile file;
  private boolean moved;
  private boolean ended;

  private UnfinishedFile(Path path) {
    this.path = path;
    this.atExit = new Thread(this::removeAtExit, "remove " + path.getFileName());
  }

  /**
   * Makes an empty file under a name that nobody else has.
   *
   * @param prefix how its name begins
   * @param suffix how its name ends
   */
  public static UnfinishedFile create(
      Path directory, String prefix, String suffix, FileAttribute<?>... attributes)
      throws IOException {
    while (true) {
      String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
      UnfinishedFile file = new UnfinishedFile(directory.resolve(prefix + random + suffix));
      if (file.open(attributes)) {
        return file;
      }
    }
  }

  /** Watched before it is there: whenever the program is asked to end, the file goes. */
  private synchronized boolean open(FileAttribute<?>... attributes) throws IOException {
    try {
      Runtime.getRuntime().addShutdownHook(atExit);
    } catch (IllegalStateException shuttingDown) {
      throw new InterruptedIOException("interrupted");
    }
    try {
      file = LockedFile.create(path, attributes);
    } finally {
      if (file == null) {
        forgetHook();
      }
    }
    return file != null;
  }

  /** Where it is until it is moved. */
  public Path path() {
    return path;
  }

  /** Its bytes, to be read and written; closed with it unless it was moved. */
  public synchronized FileChannel channel() {
    if (file == null) {
      throw new IllegalStateException("not open: " + path);
    }
    return file.channel();
  }

  /**
   * Syncs it and puts it in its place, at once. From then on it is an ordinary file, whose channel
   * is the caller's to close.
   *
   * @param target in the same directory
   */
  public void moveTo(Path target) throws IOException {
    channel().force(true);
    synchronized (this) {
      if (ended) {
        throw new InterruptedIOException("interrupted");
      }
      Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      moved = true;
    }
    try (FileChannel directory =
        FileChannel.open(path.resolveSibling("."), Set.of(StandardOpenOption.READ))) {
      directory.force(true);
    }
  }

  /** Removes the file, if it was not moved, and stops watching. */
  @Override
  public synchronized void close() throws IOException {
    if (file == null) {
      return;
    }
    forgetHook();
    LockedFile closed = file;
    file = null;
    if (moved) {
      closed.release();
      return;
    }
    try {
      // While the lock is held: nobody else takes it for abandoned.
      Files.deleteIfExists(path);
    } finally {
      closed.close();
    }
  }

  private void forgetHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException shuttingDown) {
      // The hook runs, and finds nothing to do.
      return;
    }
  }

  private synchronized void removeAtExit() {
    ended = true;
    try {
      if (!moved) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.err.println("daxconv: could not remove " + path + ": " + e.getMessage());
    }
  }
}
