package io.daxconv.converter.load;

import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An image that is copied to a target, and compared with what the target has of it.
 *
 * @param target for the messages
 * @param source the image's file; null where the image was made in the target
 * @param size its bytes
 */
record ImageCopy(LoadTarget target, @Nullable Path source, long size) {
  private static final int CHUNK = 1 << 22;

  /** Bytes at positions. */
  @FunctionalInterface
  interface Held {
    /** Fills what remains of a buffer; the bytes must be there. */
    void read(ByteBuffer into, long at) throws IOException;
  }

  /** Copies the file, which must be one. */
  void write(FileChannel to, LoadListener listener) throws IOException {
    Path from = Objects.requireNonNull(source);
    listener.started("writing", size);
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    try (FileChannel file = FileChannel.open(from)) {
      for (long at = 0; at < size; at += chunk.limit()) {
        chunk.clear().limit((int) Math.min(CHUNK, size - at));
        fill(file, from, chunk, at);
        chunk.flip();
        while (chunk.hasRemaining()) {
          to.write(chunk, at + chunk.position());
        }
        listener.reached(at + chunk.limit());
      }
    }
  }

  /**
   * Reads back what the target holds.
   *
   * @return the SHA-256 of it
   * @throws LoadException if it is not what stands in the file, if there is one
   */
  Digest readBack(Held memory, LoadListener listener) throws IOException {
    listener.started("verifying", size);
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    ByteBuffer held = ByteBuffer.allocateDirect(CHUNK);
    ByteBuffer wanted = ByteBuffer.allocateDirect(CHUNK);
    try (FileChannel file = source == null ? null : FileChannel.open(source)) {
      for (long at = 0; at < size; at += held.limit()) {
        held.clear().limit((int) Math.min(CHUNK, size - at));
        memory.read(held, at);
        hash.update(held.flip().duplicate());
        if (file != null && source != null) {
          fill(file, source, wanted.clear().limit(held.limit()), at);
          compare(wanted.flip(), held, at);
        }
        listener.reached(at + held.limit());
      }
    }
    return Digest.of(Digest.Algorithm.SHA256, hash);
  }

  private void fill(FileChannel file, Path name, ByteBuffer into, long at) throws IOException {
    while (into.hasRemaining()) {
      if (file.read(into, at + into.position()) < 0) {
        throw new LoadException(
            name + ": expected " + size + " bytes, found the file made shorter meanwhile");
      }
    }
  }

  private void compare(ByteBuffer wanted, ByteBuffer held, long at) throws LoadException {
    int differs = wanted.mismatch(held);
    if (differs >= 0) {
      throw new LoadException(
          target, "byte %d: expected what was written, found another byte".formatted(at + differs));
    }
  }
}
