package io.daxconv.converter.layer;

import io.daxconv.converter.Budget;
import io.daxconv.converter.Budgets;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.files.FailureReason;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.converter.stream.ReadAhead;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A layer's blob, read ahead and hashed beside unless its source does that, which in the end says
 * whether it was the right one.
 */
final class VerifiedBlob implements ReadableByteChannel {
  private static final ReadAhead.Size SIZE = new ReadAhead.Size(1 << 17, 16);

  private final TarLayer layer;
  private final Budgets budgets;
  private final ReadAhead bytes;
  private final LongConsumer progress;
  private boolean open = true;

  /**
   * Starts reading.
   *
   * @param budgets how large the blob may be where nobody says its size
   * @param progress hears how many bytes have been read
   */
  VerifiedBlob(TarLayer layer, Budgets budgets, LongConsumer progress) {
    this.layer = layer;
    this.budgets = budgets;
    this.progress = progress;
    Digest expected = expected();
    this.bytes =
        new ReadAhead(
            "blob of " + layer.label(),
            SIZE,
            expected == null ? null : expected.algorithm(),
            this::openBlob);
  }

  /** What is to be found by hashing here; null where nobody says or the source sees to it. */
  private @Nullable Digest expected() {
    return layer.blob().checksDigest() ? null : layer.digest();
  }

  /** Blobs in files are channels already, which a channel made of a stream would hide. */
  private ReadableByteChannel openBlob() throws IOException {
    try {
      InputStream in = layer.blob().open();
      return new Source(
          in instanceof ReadableByteChannel channel ? channel : Channels.newChannel(in));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Where the blob comes from; its failures say so, for those of the output look the same. */
  private record Source(ReadableByteChannel in) implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer into) throws IOException {
      try {
        return in.read(into);
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    @Override
    public boolean isOpen() {
      return in.isOpen();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /** What names no file or place itself. */
  private static IOException unreadable(IOException e) {
    return switch (e) {
      case DaxconvException _, FileSystemException _, InterruptedIOException _ -> e;
      case ClosedChannelException _ -> e;
      default -> new TarFormatException("blob: cannot be read: " + FailureReason.of(e), e);
    };
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    ByteBuffer some = into.hasRemaining() ? bytes.next(into.remaining()) : into.slice();
    if (some == null) {
      return -1;
    }
    int count = some.remaining();
    into.put(some);
    progress.accept(bytes.count());
    checkNotLonger();
    return count;
  }

  long count() {
    return bytes.count();
  }

  /** An endless blob must end somewhere. */
  private void checkNotLonger() throws IOException {
    budgets.check(Budget.BLOB_SIZE, bytes.count(), layer.label());
    if (layer.size() >= 0 && bytes.count() > layer.size()) {
      throw new TarFormatException("blob: expected " + layer.size() + " bytes, found more");
    }
  }

  /** Reads the rest and checks size and digest of the whole. */
  void verify() throws IOException {
    do {
      progress.accept(bytes.count());
      checkNotLonger();
    } while (bytes.next(Long.MAX_VALUE) != null);
    if (layer.size() >= 0 && bytes.count() != layer.size()) {
      throw new TarFormatException(
          "blob: expected "
              + layer.size()
              + " bytes, found "
              + bytes.count()
              + "; it is truncated");
    }
    Digest found = bytes.finish();
    Digest expected = expected();
    if (expected != null && !expected.equals(found)) {
      throw new TarFormatException("blob: expected digest " + expected + ", found " + found);
    }
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
    bytes.close();
  }
}
