package io.daxconv.converter.layer;

import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.LayerException;
import io.daxconv.converter.compress.Compression;
import io.daxconv.converter.compress.CompressionException;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.converter.text.Escapes;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a layer that is a tar: blob, digest, decompression, diff_id, tar. All but the tar runs
 * ahead in threads of its own. Every error names the layer, and the entry where there is one.
 */
public final class TarLayerReader implements EntryReader {
  private final TarLayer layer;
  private final LongConsumer progress;
  private final ReadAhead tarBytes;
  private final TarReader tar;
  private @Nullable LayerEntry entry;
  private @Nullable Digest diffId;
  private volatile @Nullable VerifiedChannel blob;

  /**
   * Starts reading.
   *
   * @param progress is told how many bytes of the blob have been read, from another thread
   */
  public TarLayerReader(TarLayer layer, LongConsumer progress) {
    this.layer = layer;
    this.progress = progress;
    Digest expected = layer.diffId();
    this.tarBytes =
        new ReadAhead(
            layer.label(),
            expected == null ? Digest.Algorithm.SHA256 : expected.algorithm(),
            this::openTar);
    this.tar = new TarReader(tarBytes);
  }

  /** The tar's bytes; when they end, the blob's rest is read and its digest checked. */
  private ReadableByteChannel openTar() throws IOException {
    VerifiedChannel bytes = new VerifiedChannel(openBlob(), layer.digest(), progress);
    blob = bytes;
    try {
      return new CheckedTar(Compression.decompress(bytes), bytes);
    } catch (IOException e) {
      throw decompressionFailed(bytes, e);
    }
  }

  /** Blobs in files are channels already, which a channel made of a stream would hide. */
  private ReadableByteChannel openBlob() throws IOException {
    InputStream in = layer.blob().open();
    return in instanceof ReadableByteChannel channel ? channel : Channels.newChannel(in);
  }

  private final class CheckedTar implements ReadableByteChannel {
    private final ReadableByteChannel in;
    private final VerifiedChannel bytes;
    private boolean verified;

    CheckedTar(ReadableByteChannel in, VerifiedChannel bytes) {
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
      if (read < 0 && !verified) {
        verified = true;
        bytes.verify(layer.size());
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
  private IOException decompressionFailed(VerifiedChannel bytes, IOException e) throws IOException {
    if (e instanceof DaxconvException && !(e instanceof CompressionException)) {
      return e;
    }
    bytes.verify(layer.size());
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
      checkDiffId(diffId);
    } catch (IOException e) {
      throw inLayer(e);
    }
    VerifiedChannel bytes = blob;
    return new Totals(bytes == null ? 0 : bytes.count(), tarBytes.count());
  }

  @Override
  public @Nullable Digest diffId() {
    return diffId;
  }

  private void checkDiffId(Digest found) throws TarFormatException {
    Digest expected = layer.diffId();
    if (expected != null && !expected.equals(found)) {
      throw new TarFormatException(
          "uncompressed tar (diff_id): expected digest " + expected + ", found " + found);
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
