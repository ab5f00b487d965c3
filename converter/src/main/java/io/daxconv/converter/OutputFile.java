package io.daxconv.converter;

import io.daxconv.converter.files.AbandonedFiles;
import io.daxconv.converter.files.FailureReason;
import io.daxconv.converter.files.UnfinishedFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file that appears whole or not at all: written beside its place, synced, renamed. What is left
 * of an unfinished one is removed when it is closed, and when the program is asked to end; what
 * {@code kill -9} leaves, by the next that is made in the same directory.
 */
public final class OutputFile implements ImageOutput {
  private static final String PREFIX = ".daxconv-";
  private static final String SUFFIX = ".tmp";

  private final Path target;
  private final UnfinishedFile temporary;
  private final FileChannel channel;

  private OutputFile(Path target, UnfinishedFile temporary) {
    this.target = target;
    this.temporary = temporary;
    this.channel = temporary.channel();
  }

  /**
   * Begins a file.
   *
   * @param target where it will be; a symlink is followed
   * @throws OutputException if nothing can be written there
   */
  public static OutputFile create(Path target) throws IOException {
    if (Files.isSymbolicLink(target)) {
      // What the link leads to is replaced, not the link.
      return create(behind(target));
    }
    Path directory = directory(target);
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new OutputException(
          target,
          "expected a file to write, found "
              + (Files.isDirectory(target) ? "a directory" : "a device or the like"));
    }
    if (!Files.isDirectory(directory)) {
      throw new OutputException(target, "expected its directory to exist: " + directory);
    }
    removeAbandoned(directory);
    try {
      return new OutputFile(
          target,
          UnfinishedFile.create(
              directory,
              PREFIX,
              SUFFIX,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"))));
    } catch (FileSystemException e) {
      throw new OutputException(
          target,
          "expected a directory that can be written to, found "
              + directory
              + ": "
              + FailureReason.of(e),
          e);
    }
  }

  /** Removes what {@code kill -9} has left of outputs in a directory. */
  public static void removeAbandoned(Path directory) {
    AbandonedFiles.remove(directory, PREFIX + "*" + SUFFIX);
  }

  private static Path behind(Path link) throws OutputException {
    try {
      return link.toRealPath();
    } catch (IOException e) {
      throw new OutputException(
          link, "expected a file or nothing, found a symlink that leads to no file", e);
    }
  }

  @Override
  public Path place() {
    return target;
  }

  /** Its bytes, to be read and written. */
  @Override
  public FileChannel channel() {
    return channel;
  }

  /** Where its bytes are until it is committed. */
  public Path path() {
    return temporary.path();
  }

  /** Makes the file appear in its place. */
  @Override
  public void commit() throws IOException {
    try {
      temporary.moveTo(target);
    } catch (FileSystemException e) {
      // Its own message names the temporary file.
      throw failure(target, e);
    }
  }

  /** What to tell of an output that could not be written, on a full disk above all. */
  public static IOException failure(Path target, IOException e) {
    if (e instanceof InterruptedIOException) {
      return e;
    }
    return new OutputException(
        target, FailureReason.of(e) + ": make room there, or choose another place", e);
  }

  @Override
  public void close() throws IOException {
    try {
      temporary.close();
    } finally {
      channel.close();
    }
  }

  private static Path directory(Path target) {
    Path parent = target.toAbsolutePath().getParent();
    return parent == null ? target.toAbsolutePath() : parent;
  }
}
