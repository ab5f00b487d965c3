package io.daxconv.converter.daxfs;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.linux.DeviceDax;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file's bytes, mapped read-only. The bytes are gone once it is closed. */
public final class MappedFile implements AutoCloseable {
  private final String name;
  private final Arena arena;
  private final MemorySegment bytes;

  private MappedFile(String name, Arena arena, MemorySegment bytes) {
    this.name = name;
    this.arena = arena;
    this.bytes = bytes;
  }

  /**
   * Maps a regular file as long as it is now, or a device: a block device such as {@code
   * /dev/pmem0} or {@code /dev/loop0}, or one of device DAX.
   *
   * @throws CorruptImageException if it is none of these
   * @throws IOException if it cannot be opened
   */
  public static MappedFile open(Path path) throws IOException {
    String name = Escapes.quote(path.toString());
    int type = FileMode.type((int) Files.getAttribute(path, "unix:mode"));
    if (type != FileMode.REGULAR
        && type != FileMode.BLOCK_DEVICE
        && type != FileMode.CHARACTER_DEVICE) {
      // Opening a FIFO would wait for a writer, for ever.
      throw new CorruptImageException(name + ": expected a regular file or a device");
    }
    Arena arena = Arena.ofShared();
    try {
      return new MappedFile(
          name,
          arena,
          type == FileMode.CHARACTER_DEVICE ? DeviceDax.map(name, path, arena) : map(path, arena));
    } catch (Throwable e) {
      arena.close();
      throw e;
    }
  }

  private static MemorySegment map(Path path, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /** How messages name the file: quoted, printable. */
  public String name() {
    return name;
  }

  public MemorySegment bytes() {
    return bytes;
  }

  @Override
  public void close() {
    arena.close();
  }

  /** Something that reads mapped bytes. */
  @FunctionalInterface
  public interface Reading<T> {
    T read() throws IOException;
  }

  /**
   * Runs something that reads a mapped file. Where the file was made shorter meanwhile, its pages
   * are gone: the JVM turns the SIGBUS into an {@link InternalError}, and this turns it into what
   * it means.
   *
   * @throws CorruptImageException if the file shrank
   */
  public static <T> T whileMapped(String name, Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (InternalError e) {
      throw new CorruptImageException(name + ": the file was made shorter while being read");
    }
  }
}
