package io.daxconv.converter.stored;

import io.daxconv.converter.Budgets;
import io.daxconv.converter.LayerCosts;
import io.daxconv.converter.extent.ExtentStore;
import io.daxconv.converter.layer.DataSink;
import io.daxconv.converter.layer.EntryReader;
import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.layer.TarLayerReader;
import io.daxconv.converter.source.TarLayer;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/** Reads a layer once, checking all that a conversion would, and keeps it in a file. */
final class StoredLayerWriter {
  private StoredLayerWriter() {}

  /**
   * Fills a file.
   *
   * @param layer is checked against its digest, size and diff_id
   * @param file to be kept, empty
   * @param entries for the entries until the data is all there; empty
   * @param progress hears how much of the blob was read
   */
  static void write(
      TarLayer layer, Budgets budgets, FileChannel file, FileChannel entries, LongConsumer progress)
      throws IOException {
    ExtentStore store = new ExtentStore(file, StoredLayerFile.PAGE, StoredLayerFile.PAGE);
    Records records = new Records(entries);
    DataOutputStream out = new DataOutputStream(new BufferedOutputStream(records, 1 << 16));
    EntryReader.Totals totals;
    long count = 0;
    LayerCosts costs = new LayerCosts(budgets);
    costs.beginLayer();
    try (EntryReader reader = new TarLayerReader(layer, budgets, progress)) {
      for (LayerEntry entry = reader.next(); entry != null; entry = reader.next()) {
        costs.add(layer, entry);
        long extent = 0;
        int crc = 0;
        if (entry.type() == EntryType.REGULAR) {
          CRC32C hash = new CRC32C();
          extent = store.store(entry.size(), sink -> reader.copyData(new Hashing(sink, hash)));
          crc = (int) hash.getValue();
        }
        EntryRecords.write(out, new EntryRecords.Stored(entry, extent, crc));
        count++;
      }
      totals = reader.finish();
    }
    out.flush();
    store.flush();
    long at = store.end();
    copy(entries, records.size, file, at);
    ByteBuffer footer =
        new StoredLayerFile.Footer(
                at,
                records.size,
                count,
                totals.blobBytes(),
                totals.tarBytes(),
                (int) records.crc.getValue())
            .toBytes();
    writeAll(file, footer, at + records.size);
    ByteBuffer magic = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    writeAll(file, magic.putLong(StoredLayerFile.MAGIC).flip(), 0);
  }

  private static void copy(FileChannel from, long size, FileChannel to, long at)
      throws IOException {
    to.position(at);
    for (long done = 0; done < size; ) {
      done += from.transferTo(done, size - done, to);
    }
  }

  private static void writeAll(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    for (long to = at; bytes.hasRemaining(); ) {
      to += file.write(bytes, to);
    }
  }

  private record Hashing(DataSink sink, CRC32C hash) implements DataSink {
    private static final byte[] ZEROS = new byte[1 << 16];

    @Override
    public void data(ByteBuffer bytes) throws IOException {
      hash.update(bytes.duplicate());
      sink.data(bytes);
    }

    @Override
    public void hole(long length) throws IOException {
      for (long left = length; left > 0; left -= ZEROS.length) {
        hash.update(ZEROS, 0, (int) Math.min(left, ZEROS.length));
      }
      sink.hole(length);
    }
  }

  /** The entries on their way into a file. */
  private static final class Records extends OutputStream {
    private final FileChannel file;
    private final CRC32C crc = new CRC32C();
    private long size;

    Records(FileChannel file) {
      this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      crc.update(bytes, offset, length);
      writeAll(file, ByteBuffer.wrap(bytes, offset, length), size);
      size += length;
    }
  }
}
