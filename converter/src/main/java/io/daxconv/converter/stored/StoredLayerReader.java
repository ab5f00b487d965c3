package io.daxconv.converter.stored;

import io.daxconv.converter.LayerException;
import io.daxconv.converter.extent.ExtentStore;
import io.daxconv.converter.layer.DataSink;
import io.daxconv.converter.layer.EntryReader;
import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.StoredLayer;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/** Reads a layer that is kept: its entries from their records, its data by position. */
public final class StoredLayerReader implements EntryReader {
  private static final int CHUNK = 1 << 18;

  private final StoredLayer layer;
  private final StoredLayerFile file;
  private final CRC32C crc = new CRC32C();
  private final DataInputStream records;
  private long left;
  private EntryRecords.@Nullable Stored last;

  /** Begins at the first entry. */
  public StoredLayerReader(StoredLayer layer) {
    this.layer = layer;
    this.file = layer.file();
    this.left = file.footer().entryCount();
    this.records = new DataInputStream(new CheckedInputStream(records(file), crc));
  }

  /** The bytes of all entries. */
  static InputStream records(StoredLayerFile file) {
    return new BufferedInputStream(new Records(file), 1 << 16);
  }

  @Override
  public @Nullable LayerEntry next() throws IOException {
    if (left == 0) {
      last = null;
      return null;
    }
    left--;
    EntryRecords.Stored stored;
    try {
      stored = EntryRecords.read(records);
    } catch (IOException e) {
      throw damaged(e);
    }
    LayerEntry entry = stored.entry();
    long end = stored.extent() + entry.size();
    if (stored.extent() < 0 || entry.size() < 0 || end < 0 || end > file.footer().entriesAt()) {
      throw damaged(new IOException("an extent at " + stored.extent()));
    }
    last = stored;
    return entry;
  }

  private LayerException damaged(@Nullable IOException e) {
    file.discard();
    LayerException damaged = StoredLayerFile.damaged(file.diffId(), "its entries");
    return new LayerException(layer.label() + ": " + damaged.getMessage(), e == null ? damaged : e);
  }

  /**
   * Stores the data of the file that {@link #next} just gave, without reading it where that can be
   * avoided.
   *
   * @return where it stands
   */
  public long storeIn(ExtentStore store) throws IOException {
    EntryRecords.Stored stored = current();
    LayerEntry entry = stored.entry();
    return entry.sparse() != null
        ? store.store(entry.size(), this::copyData)
        : store.storeCopy(entry.size(), stored.crc(), file.data(), stored.extent());
  }

  @Override
  public void copyData(DataSink sink) throws IOException {
    EntryRecords.Stored stored = current();
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    long end = stored.extent() + stored.entry().size();
    for (long at = stored.extent(); at < end; at += chunk.limit()) {
      chunk.clear().limit((int) Math.min(CHUNK, end - at));
      if (!StoredLayerFile.readFully(file.channel(), chunk, at)) {
        throw damaged(null);
      }
      sink.data(chunk.flip());
    }
  }

  private EntryRecords.Stored current() {
    EntryRecords.Stored stored = last;
    if (stored == null) {
      throw new IllegalStateException("no entry was read");
    }
    return stored;
  }

  @Override
  public Totals finish() throws IOException {
    // What was not asked for is checked as well.
    while (left > 0) {
      next();
    }
    StoredLayerFile.Footer footer = file.footer();
    if ((int) crc.getValue() != footer.crc()) {
      throw damaged(null);
    }
    return new Totals(footer.blobBytes(), footer.tarBytes());
  }

  @Override
  public Digest diffId() {
    return file.diffId();
  }

  @Override
  public void close() {
    // The file is the layer's.
  }

  private static final class Records extends InputStream {
    private final StoredLayerFile file;
    private long at;
    private final long end;

    Records(StoredLayerFile file) {
      this.file = file;
      this.at = file.footer().entriesAt();
      this.end = at + file.footer().entriesSize();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (at == end) {
        return -1;
      }
      int most = (int) Math.min(length, end - at);
      int read = file.channel().read(ByteBuffer.wrap(bytes, offset, most), at);
      at += Math.max(0, read);
      return read;
    }
  }
}
