package io.daxconv.converter;

import io.daxconv.converter.files.UnfinishedFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that appears whole or not at all: written beside its place, synced, renamed. What is left
 * of an unfinished one is removed when it is closed, and when the program is asked to end.
 */
final class OutputFile implements Closeable {
  private final Path target;
  private final UnfinishedFile temporary;
  private final FileChannel channel;

  private OutputFile(Path target, UnfinishedFile temporary, FileChannel channel) {
    this.target = target;
    this.temporary = temporary;
    this.channel = channel;
  }

  static OutputFile create(Path target) throws IOException {
    Path directory = directory(target);
    if (Files.isSymbolicLink(target)) {
      // What the link leads to is replaced, not the link.
      return create(target.toRealPath());
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new OutputException(
          target,
          "expected a file to write, found "
              + (Files.isDirectory(target) ? "a directory" : "a device or the like"));
    }
    if (!Files.isDirectory(directory)) {
      throw new OutputException(target, "expected its directory to exist: " + directory);
    }
    String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Path temporary = directory.resolve(".daxconv-" + random + ".tmp");
    FileChannel channel =
        FileChannel.open(
            temporary,
            java.util.Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
    return new OutputFile(target, new UnfinishedFile(temporary), channel);
  }

  FileChannel channel() {
    return channel;
  }

  /** Makes the file appear in its place. */
  void commit() throws IOException {
    channel.force(true);
    channel.close();
    Files.move(
        temporary.path(),
        target,
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel directory = FileChannel.open(directory(target), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    temporary.close();
  }

  private static Path directory(Path target) {
    Path parent = target.toAbsolutePath().getParent();
    return parent == null ? target.toAbsolutePath() : parent;
  }
}
