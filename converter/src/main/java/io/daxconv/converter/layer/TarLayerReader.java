package io.daxconv.converter.layer;

import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.LayerException;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.converter.text.Escapes;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a layer that is a tar: blob, digest, decompression, diff_id, tar. Blob and decompression
 * run ahead in a thread of their own. Every error names the layer, and the entry where there is
 * one.
 */
public final class TarLayerReader implements EntryReader {
  private final TarLayer layer;
  private final LongConsumer progress;
  private final VerifiedStream tarBytes;
  private final ReadAhead ahead;
  private final TarReader tar;
  private @Nullable LayerEntry entry;
  private volatile @Nullable VerifiedStream blob;

  /**
   * Starts reading.
   *
   * @param progress is told how many bytes of the blob have been read, from another thread
   */
  public TarLayerReader(TarLayer layer, LongConsumer progress) {
    this.layer = layer;
    this.progress = progress;
    this.ahead = new ReadAhead(layer.label(), this::openTar);
    this.tarBytes =
        new VerifiedStream(
            ahead,
            "uncompressed tar (diff_id)",
            layer.diffId(),
            Digest.Algorithm.SHA256,
            count -> {});
    this.tar = new TarReader(tarBytes);
  }

  /** The tar's bytes; when they end, the blob's rest is read and its digest checked. */
  private InputStream openTar() throws IOException {
    VerifiedStream bytes =
        new VerifiedStream(layer.blob().open(), "blob", layer.digest(), null, progress);
    blob = bytes;
    try {
      return new CheckedTar(Compression.decompress(bytes), bytes);
    } catch (IOException e) {
      throw decompressionFailed(bytes, e);
    }
  }

  private final class CheckedTar extends FilterInputStream {
    private final VerifiedStream bytes;
    private boolean verified;

    CheckedTar(InputStream in, VerifiedStream bytes) {
      super(in);
      this.bytes = bytes;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read;
      try {
        read = in.read(into, offset, length);
      } catch (IOException e) {
        throw decompressionFailed(bytes, e);
      }
      if (read < 0 && !verified) {
        verified = true;
        bytes.verify(layer.size());
      }
      return read;
    }
  }

  /** A blob that is not what it should be explains a failed decompression better than zlib does. */
  private IOException decompressionFailed(VerifiedStream bytes, IOException e) throws IOException {
    if (e instanceof DaxconvException && !(e instanceof TarFormatException)) {
      return e;
    }
    bytes.verify(layer.size());
    if (e instanceof EOFException) {
      return new TarFormatException("truncated layer: its compressed data ends too early");
    }
    if (e.getClass().getName().startsWith("com.github.luben.zstd")) {
      return new TarFormatException(
          "corrupt layer: its compressed data cannot be read: "
              + Escapes.quote(String.valueOf(e.getMessage())));
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
    } catch (TarFormatException e) {
      throw inLayer(e);
    }
  }

  @Override
  public Totals finish() throws IOException {
    try {
      entry = null;
      tarBytes.verify(-1);
    } catch (IOException e) {
      throw inLayer(e);
    }
    VerifiedStream bytes = blob;
    return new Totals(bytes == null ? 0 : bytes.count(), tarBytes.count());
  }

  @Override
  public @Nullable Digest diffId() {
    return tarBytes.found();
  }

  private IOException inLayer(IOException e) {
    if (!(e instanceof TarFormatException)) {
      return e;
    }
    LayerEntry last = entry;
    String where = last == null ? "" : ", at or behind " + Escapes.escape(last.path());
    return new LayerException(layer.label() + where + ": " + e.getMessage(), e);
  }

  @Override
  public void close() {
    ahead.close();
  }
}
