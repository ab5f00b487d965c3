package io.daxconv.oci.publish;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.daxconv.converter.source.BlobSource;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.manifest.Descriptor;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes the file that an artifact's blob holds, pages of zeros as holes. Nothing that the blob
 * says of itself is believed: its size and digest are those of the manifest, and so are the file's.
 */
final class ContentReader {
  private static final int PAGE = 4096;

  /** As large as {@link SeekableFrames} has any use for. */
  private static final int WINDOW_LOG = 23;

  private final String what;
  private final ArtifactManifest artifact;
  private final LongConsumer progress;

  ContentReader(String what, ArtifactManifest artifact, LongConsumer progress) {
    this.what = what;
    this.artifact = artifact;
    this.progress = progress;
  }

  /**
   * Fills a file, from its start whatever is in it.
   *
   * @param blob is hashed here unless it holds itself to its digest; read to its end in any case
   */
  void read(BlobSource blob, FileChannel to) throws IOException {
    try (InputStream in = blob.open()) {
      read(new Counted(in, artifact.content(), blob.checksDigest()), to);
    }
  }

  private void read(Counted bytes, FileChannel to) throws IOException {
    to.truncate(0);
    MessageDigest content = Digest.Algorithm.SHA256.newHash();
    long written = 0;
    byte[] buffer = new byte[1 << 20];
    try (ZstdInputStreamNoFinalizer frames = new ZstdInputStreamNoFinalizer(bytes)) {
      frames.setLongMax(WINDOW_LOG);
      for (int count; (count = frames.readNBytes(buffer, 0, buffer.length)) > 0; ) {
        if (count > artifact.contentSize() - written) {
          throw new SourceException(
              what + ": expected " + artifact.contentSize() + " bytes of a file, found more");
        }
        content.update(buffer, 0, count);
        writePages(to, written, buffer, count);
        written += count;
        progress.accept(bytes.count);
      }
      bytes.drain();
    } catch (com.github.luben.zstd.ZstdIOException e) {
      bytes.drain();
      bytes.check(what);
      throw new SourceException(what + ": expected zstd, found other bytes: " + e.getMessage(), e);
    }
    bytes.check(what);
    Digest found = Digest.of(Digest.Algorithm.SHA256, content);
    if (written != artifact.contentSize() || !found.equals(artifact.contentDigest())) {
      throw new SourceException(
          "%s: expected a file of %d bytes with digest %s, found %d bytes with %s"
              .formatted(what, artifact.contentSize(), artifact.contentDigest(), written, found));
    }
    if (to.size() < written) {
      // It ends in a hole.
      to.write(ByteBuffer.wrap(new byte[1]), written - 1);
    }
  }

  private static void writePages(FileChannel to, long at, byte[] bytes, int count)
      throws IOException {
    int from = 0;
    for (int page = 0; page < count; page += PAGE) {
      int end = Math.min(count, page + PAGE);
      if (isZero(bytes, page, end)) {
        write(to, at + from, bytes, from, page);
        from = end;
      }
    }
    write(to, at + from, bytes, from, count);
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    return bytes[from] == 0 && Arrays.equals(bytes, from, to, ZEROS, 0, to - from);
  }

  private static final byte[] ZEROS = new byte[PAGE];

  private static void write(FileChannel to, long at, byte[] bytes, int from, int end)
      throws IOException {
    ByteBuffer piece = ByteBuffer.wrap(bytes, from, end - from);
    for (long position = at; piece.hasRemaining(); ) {
      position += to.write(piece, position);
    }
  }

  /** The blob as it comes, counted, and hashed where nobody else does. */
  private static final class Counted extends FilterInputStream {
    private final Descriptor expected;

    /** Null where the stream ends only if it is what the digest says. */
    private final @Nullable MessageDigest hash;

    private long count;

    Counted(InputStream in, Descriptor expected, boolean checked) {
      super(in);
      this.expected = expected;
      this.hash = checked ? null : expected.digest().algorithm().newHash();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int most = (int) Math.min(length, expected.size() + 1 - count);
      int read = most == 0 ? -1 : in.read(bytes, offset, most);
      if (read > 0) {
        if (hash != null) {
          hash.update(bytes, offset, read);
        }
        count += read;
      } else if (count < expected.size()) {
        // Downloads that break off are begun again.
        throw new RegistryException(
            "blob %s: expected %d bytes, the answer ended after %d"
                .formatted(expected.digest(), expected.size(), count),
            200,
            null,
            true,
            null);
      }
      return read;
    }

    void drain() throws IOException {
      byte[] rest = new byte[1 << 16];
      int read;
      do {
        read = read(rest, 0, rest.length);
      } while (read > 0);
    }

    void check(String what) throws SourceException {
      MessageDigest hashed = hash;
      Digest found = hashed == null ? null : Digest.of(expected.digest().algorithm(), hashed);
      if (count != expected.size() || (found != null && !found.equals(expected.digest()))) {
        throw new SourceException(
            "%s: blob: expected %d bytes with digest %s, found %s%s"
                .formatted(
                    what,
                    expected.size(),
                    expected.digest(),
                    count > expected.size() ? "more" : Long.toString(count),
                    found == null ? "" : " with " + found));
      }
    }

    @Override
    public void close() {
      // The answer is its reader's to close.
    }
  }
}
