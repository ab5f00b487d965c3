package io.daxconv.converter.layer;

import io.daxconv.converter.Budgets;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.LayerException;
import io.daxconv.converter.compress.Compression;
import io.daxconv.converter.compress.CompressionException;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.converter.stream.ReadAhead;
import io.daxconv.converter.text.Escapes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a layer that is a tar: blob, digest, decompression, diff_id, tar. All but the tar runs
 * ahead in threads of its own. Every error names the layer, and the entry where there is one.
 */
public final class TarLayerReader implements EntryReader {
  /** 8 MiB of the tar ahead. */
  private static final ReadAhead.Size SIZE = new ReadAhead.Size(1 << 18, 32);

  private final TarLayer layer;
  private final Budgets budgets;
  private final LongConsumer progress;
  private final ReadAhead tarBytes;
  private final TarReader tar;
  private @Nullable LayerEntry entry;
  private @Nullable Digest diffId;
  private volatile @Nullable VerifiedBlob blob;

  /**
   * Starts reading.
   *
   * @param budgets how large blob, tar and extended headers may be
   * @param progress is told how many bytes of the blob have been read, from another thread
   */
  public TarLayerReader(TarLayer layer, Budgets budgets, LongConsumer progress) {
    this.layer = layer;
    this.budgets = budgets;
    this.progress = progress;
    Digest expected = layer.diffId();
    this.tarBytes =
        new ReadAhead(
            layer.label(),
            SIZE,
            expected == null ? Digest.Algorithm.SHA256 : expected.algorithm(),
            this::openTar);
    this.tar = new TarReader(tarBytes, budgets);
  }

  /** The tar's bytes; when they end, the blob's rest is read and its digest checked. */
  private ReadableByteChannel openTar() throws IOException {
    VerifiedBlob bytes = new VerifiedBlob(layer, budgets, progress);
    blob = bytes;
    boolean opened = false;
    try {
      CheckedTar opening = new CheckedTar(Compression.decompress(bytes), bytes);
      opened = true;
      return opening;
    } catch (IOException e) {
      throw decompressionFailed(bytes, e);
    } finally {
      if (!opened) {
        // Nobody else can: its threads and the memory that it reads ahead into would stay.
        bytes.close();
      }
    }
  }

  private final class CheckedTar implements ReadableByteChannel {
    private final ReadableByteChannel in;
    private final VerifiedBlob bytes;
    private long count;
    private boolean verified;

    CheckedTar(ReadableByteChannel in, VerifiedBlob bytes) {
      this.in = in;
      this.bytes = bytes;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      int read;
      try {
        read = in.read(into);
      } catch (IOException e) {
        throw decompressionFailed(bytes, e);
      }
      count += Math.max(0, read);
      long blobBytes = layer.size() >= 0 ? layer.size() : bytes.count();
      budgets.checkExpansion(blobBytes, count, layer.label());
      if (read < 0 && !verified) {
        verified = true;
        bytes.verify();
      }
      return read;
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

  /** A blob that is not what it should be explains a failed decompression better than zlib does. */
  private IOException decompressionFailed(VerifiedBlob bytes, IOException e) throws IOException {
    if (e instanceof DaxconvException && !(e instanceof CompressionException)) {
      return e;
    }
    bytes.verify();
    if (e instanceof EOFException) {
      return new TarFormatException("truncated layer: its compressed data ends too early");
    }
    return e;
  }

  @Override
  public @Nullable LayerEntry next() throws IOException {
    try {
      entry = tar.next();
      return entry;
    } catch (IOException e) {
      throw inLayer(e);
    }
  }

  @Override
  public void copyData(DataSink sink) throws IOException {
    try {
      tar.copyData(sink);
    } catch (TarFormatException | CompressionException e) {
      throw inLayer(e);
    }
  }

  @Override
  public Totals finish() throws IOException {
    try {
      entry = null;
      diffId = tarBytes.finish();
      checkDiffId();
    } catch (IOException e) {
      throw inLayer(e);
    }
    VerifiedBlob bytes = blob;
    return new Totals(bytes == null ? 0 : bytes.count(), tarBytes.count());
  }

  @Override
  public @Nullable Digest diffId() {
    return diffId;
  }

  private void checkDiffId() throws TarFormatException {
    Digest expected = layer.diffId();
    if (expected != null && !expected.equals(diffId)) {
      throw new TarFormatException(
          "uncompressed tar (diff_id): expected digest " + expected + ", found " + diffId);
    }
  }

  private IOException inLayer(IOException e) {
    if (!(e instanceof TarFormatException || e instanceof CompressionException)) {
      return e;
    }
    LayerEntry last = entry;
    String where = last == null ? "" : ", at or behind " + Escapes.escape(last.path());
    return new LayerException(layer.label() + where + ": " + e.getMessage(), e);
  }

  @Override
  public void close() {
    tarBytes.close();
  }
}
