package io.daxconv.converter.layer;

import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Counts and hashes a blob as it is read, and in the end says whether it was the right one. */
final class VerifiedChannel implements ReadableByteChannel {
  private final ReadableByteChannel blob;
  private final @Nullable Digest expected;
  private final @Nullable MessageDigest hash;
  private final LongConsumer progress;
  private long count;

  /**
   * Takes a blob, which is closed with it.
   *
   * @param expected the digest that must come out, or null for none
   * @param progress hears how many bytes have been read
   */
  VerifiedChannel(ReadableByteChannel blob, @Nullable Digest expected, LongConsumer progress) {
    this.blob = blob;
    this.expected = expected;
    this.hash = expected == null ? null : expected.algorithm().newHash();
    this.progress = progress;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int from = into.position();
    int read = blob.read(into);
    if (read > 0) {
      count += read;
      if (hash != null) {
        hash.update(into.slice(from, read));
      }
      progress.accept(count);
    }
    return read;
  }

  long count() {
    return count;
  }

  /**
   * Reads the rest and checks size and digest of the whole.
   *
   * @param size how many bytes there must be, or -1 where nobody says
   */
  void verify(long size) throws IOException {
    ByteBuffer rest = ByteBuffer.allocate(1 << 16);
    while (read(rest.clear()) >= 0) {
      if (size >= 0 && count > size) {
        break;
      }
    }
    if (size >= 0 && count != size) {
      throw new TarFormatException(
          "blob: expected "
              + size
              + " bytes, found "
              + (count > size ? "more" : count + "; it is truncated"));
    }
    if (expected != null && hash != null) {
      Digest found = Digest.of(expected.algorithm(), hash);
      if (!found.equals(expected)) {
        throw new TarFormatException("blob: expected digest " + expected + ", found " + found);
      }
    }
  }

  @Override
  public boolean isOpen() {
    return blob.isOpen();
  }

  @Override
  public void close() throws IOException {
    blob.close();
  }
}
