package io.daxconv.converter.load;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The record of one target, locked while one process loads or unloads it. A record is replaced at
 * once, and one of an earlier boot counts for nothing.
 */
final class LoadState implements Closeable {
  private final Path record;
  private final String boot;
  private final FileChannel lock;

  private LoadState(Path record, String boot, FileChannel lock) {
    this.record = record;
    this.boot = boot;
    this.lock = lock;
  }

  /**
   * @param host whose directory of records it is
   * @param target what the record is of
   * @param also tells apart what is allocated more than once; may be empty
   */
  static LoadState lock(Host host, LoadTarget target, String also) throws IOException {
    String name = fileName(target.toString() + (also.isEmpty() ? "" : "@" + also));
    try {
      Files.createDirectories(host.state());
      FileChannel lock =
          FileChannel.open(
              host.state().resolve(name + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      FileLock held = null;
      try {
        held = lock.tryLock();
      } catch (OverlappingFileLockException ours) {
        // As if another process held it.
      } finally {
        if (held == null) {
          lock.close();
        }
      }
      if (held == null) {
        throw new LoadException(target, "expected nobody else at it, found daxconv at work there");
      }
      return new LoadState(host.state().resolve(name + ".json"), boot(host), lock);
    } catch (FileSystemException e) {
      throw new LoadException(
          target,
          "expected a directory for records that can be written, found "
              + host.state()
              + " that cannot: be root, or name another with --state",
          e);
    }
  }

  private static String boot(Host host) throws IOException {
    return Host.text(host.proc().resolve("sys/kernel/random/boot_id"));
  }

  /** Letters, digits and a few more stay; each other byte is {@code %} and two digits. */
  private static String fileName(String text) {
    StringBuilder name = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || c == '.' || c == '-');
      name.append(plain ? String.valueOf(c) : "%%%02x".formatted((int) c));
    }
    return name.toString();
  }

  /** The record of this boot; null if there is none. */
  @Nullable LoadRecord read() throws IOException {
    try {
      LoadRecord found = LoadRecord.parse(Files.readAllBytes(record));
      return found == null || !found.boot().equals(boot) ? null : found;
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  /** Notes what is about to be done, or was done. */
  void write(LoadRecord noted) throws IOException {
    Path next = record.resolveSibling(record.getFileName() + ".new");
    Files.write(next, noted.toJson());
    Files.move(next, record, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  void delete() throws IOException {
    Files.deleteIfExists(record);
  }

  String boot() {
    return boot;
  }

  /** The lock's file stays: another process may wait to lock it. */
  @Override
  public void close() throws IOException {
    lock.close();
  }
}
