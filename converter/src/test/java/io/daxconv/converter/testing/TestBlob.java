package io.daxconv.converter.testing;

import com.github.luben.zstd.Zstd;
import io.daxconv.converter.source.BlobSource;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.TarLayer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A layer blob in memory and what its image says of it: the truth, unless changed.
 *
 * @param bytes the blob
 * @param digest what its digest is said to be
 * @param size how many bytes it is said to have
 * @param diffId what its tar is said to hash to
 */
@SuppressWarnings("ArrayRecordComponent")
public record TestBlob(byte[] bytes, @Nullable Digest digest, long size, @Nullable Digest diffId) {

  /** These bytes, said to be the blob of this tar. */
  public static TestBlob of(byte[] blob, byte[] tar) {
    return new TestBlob(blob, Digest.sha256(blob), blob.length, Digest.sha256(tar));
  }

  /** An uncompressed tar. */
  public static TestBlob plain(byte[] tar) {
    return of(tar, tar);
  }

  /** A tar in gzip members of equal shares, with zeros behind the last. */
  public static TestBlob gzip(byte[] tar, int members, int zeros) {
    ByteArrayOutputStream blob = new ByteArrayOutputStream();
    for (int i = 0; i < members; i++) {
      blob.writeBytes(gzipMember(share(tar, i, members)));
    }
    blob.writeBytes(new byte[zeros]);
    return of(blob.toByteArray(), tar);
  }

  /** A tar in zstd frames of equal shares, each between frames that a reader skips. */
  public static TestBlob zstd(byte[] tar, int frames) {
    ByteArrayOutputStream blob = new ByteArrayOutputStream();
    // RFC 8878, section 3.1.2: a magic number, the length, little endian, and anything.
    byte[] skippable = {0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 'x', 'y', 'z'};
    for (int i = 0; i < frames; i++) {
      if (frames > 1) {
        blob.writeBytes(skippable);
      }
      blob.writeBytes(Zstd.compress(share(tar, i, frames)));
    }
    if (frames > 1) {
      blob.writeBytes(skippable);
    }
    return of(blob.toByteArray(), tar);
  }

  /** The same bytes, said to have this digest. */
  public TestBlob withDigest(@Nullable Digest other) {
    return new TestBlob(bytes, other, size, diffId);
  }

  /** The same bytes, said to be so many; -1 for nothing said. */
  public TestBlob withSize(long other) {
    return new TestBlob(bytes, digest, other, diffId);
  }

  /** The same bytes, said to be of a tar with this digest. */
  public TestBlob withDiffId(@Nullable Digest other) {
    return new TestBlob(bytes, digest, size, other);
  }

  /** The same bytes, of which nobody says anything. */
  public TestBlob unsaid() {
    return new TestBlob(bytes, null, -1, null);
  }

  /** The blob as a layer whose stream gives a few bytes at a time, as a network does. */
  TarLayer layer(String place) {
    // As registries' layers are called: by what the blob is, which its compression changes.
    String label = place + " (" + Digest.sha256(bytes).brief() + ")";
    BlobSource source = () -> new Trickle(new ByteArrayInputStream(bytes));
    return new TarLayer(label, digest, size, diffId, source);
  }

  /** Never knows whether more is to come, and never gives more than asked for nor all of it. */
  private static final class Trickle extends InputStream {
    private final InputStream in;
    private int most = 1;

    Trickle(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return in.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      most = most * 3 % 4099;
      return in.read(into, offset, Math.min(length, most));
    }
  }

  private static byte[] share(byte[] tar, int index, int of) {
    int each = (tar.length + of - 1) / of;
    int from = Math.min(tar.length, index * each);
    return Arrays.copyOfRange(tar, from, Math.min(tar.length, from + each));
  }

  private static byte[] gzipMember(byte[] bytes) {
    ByteArrayOutputStream member = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(member)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return member.toByteArray();
  }
}
