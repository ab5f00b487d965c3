package io.daxconv.converter.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** A regular file that was just made. Pages of zeros become holes. */
public final class FileHandle implements AutoCloseable {
  private static final int CHUNK = 1 << 16;
  private static final MemorySegment ZEROS = Arena.global().allocate(CHUNK);
  private static final MethodHandle PWRITE =
      Libc.call("pwrite", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle FTRUNCATE =
      Libc.call("ftruncate", JAVA_INT, JAVA_INT, JAVA_LONG);

  private final byte[] name;
  private final int descriptor;
  private long size;

  FileHandle(byte[] name, int descriptor) {
    this.name = name;
    this.descriptor = descriptor;
  }

  /** Puts bytes behind those that it has. */
  public void append(MemorySegment bytes) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.callState(arena);
      MemorySegment copy = bytes.isNative() ? MemorySegment.NULL : arena.allocate(CHUNK);
      for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
        MemorySegment chunk = bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at));
        if (chunk.mismatch(ZEROS.asSlice(0, chunk.byteSize())) >= 0) {
          write(bytes.isNative() ? chunk : copy.copyFrom(chunk), chunk.byteSize(), at, state);
        }
      }
      size += bytes.byteSize();
    } catch (Throwable e) {
      throw Libc.rethrown(e);
    }
  }

  private void write(MemorySegment chunk, long length, long at, MemorySegment state)
      throws Throwable {
    for (long done = 0; done < length; ) {
      long count =
          (long)
              PWRITE.invokeExact(
                  state, descriptor, chunk.asSlice(done), length - done, size + at + done);
      if (count < 0) {
        throw new FileCallException("write", name, Libc.errno(state));
      }
      done += count;
    }
  }

  /** Gives it its whole size, with the hole at its end if there is one. */
  public void finish() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = Libc.callState(arena);
      if ((int) FTRUNCATE.invokeExact(state, descriptor, size) != 0) {
        throw new FileCallException("truncate", name, Libc.errno(state));
      }
    } catch (Throwable e) {
      throw Libc.rethrown(e);
    }
  }

  @Override
  public void close() {
    DirectoryHandle.close(descriptor);
  }
}
