package io.daxconv.converter.layer;

import io.daxconv.converter.source.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts and hashes what is read through it, and in the end says whether it was the right thing.
 */
final class VerifiedStream extends FilterInputStream {
  private final String what;
  private final @Nullable Digest expected;
  private final Digest.@Nullable Algorithm algorithm;
  private final @Nullable MessageDigest hash;
  private @Nullable Digest found;
  private final LongConsumer progress;
  private long count;

  /**
   * @param what how an error names it, such as {@code blob} or {@code uncompressed tar (diff_id)}
   * @param expected the digest that must come out, or null for none
   * @param algorithm what to hash with, or null for not at all; with an expected digest, its own
   */
  VerifiedStream(
      InputStream in,
      String what,
      @Nullable Digest expected,
      Digest.@Nullable Algorithm algorithm,
      LongConsumer progress) {
    super(in);
    this.what = what;
    this.expected = expected;
    this.algorithm = expected == null ? algorithm : expected.algorithm();
    this.hash = this.algorithm == null ? null : this.algorithm.newHash();
    this.progress = progress;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    if (read > 0) {
      count += read;
      if (hash != null) {
        hash.update(bytes, offset, read);
      }
      progress.accept(count);
    }
    return read;
  }

  @Override
  public long skip(long n) throws IOException {
    // Bytes that are passed over count and are hashed like any other.
    return readNBytes((int) Math.min(n, 1 << 16)).length;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  long count() {
    return count;
  }

  /** Reads the rest and checks size and digest of the whole. */
  void verify(long expectedSize) throws IOException {
    byte[] rest = new byte[1 << 16];
    while (read(rest, 0, rest.length) >= 0) {
      if (expectedSize >= 0 && count > expectedSize) {
        break;
      }
    }
    if (expectedSize >= 0 && count != expectedSize) {
      throw new TarFormatException(
          what
              + ": expected "
              + expectedSize
              + " bytes, found "
              + (count > expectedSize ? "more" : count + "; it is truncated"));
    }
    if (algorithm != null && hash != null && found == null) {
      found = Digest.of(algorithm, hash);
    }
    if (expected != null && !expected.equals(found)) {
      throw new TarFormatException(what + ": expected digest " + expected + ", found " + found);
    }
  }

  /** The digest of all that was read; null before {@link #verify} and where nothing is hashed. */
  @Nullable Digest found() {
    return found;
  }
}
