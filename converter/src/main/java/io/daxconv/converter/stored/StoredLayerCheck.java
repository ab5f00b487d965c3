package io.daxconv.converter.stored;

import io.daxconv.converter.layer.EntryType;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * Compares a kept layer with its checksums, all of it. A disk or a program may have changed the
 * file since it was written, and nothing behind it would notice: an image has no checksums of its
 * data.
 */
final class StoredLayerCheck {
  private static final int CHUNK = 1 << 18;

  private final StoredLayerFile layer;
  private final FileChannel file;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);

  private StoredLayerCheck(StoredLayerFile layer) {
    this.layer = layer;
    this.file = layer.channel();
  }

  /**
   * Reads the entries and the data of each.
   *
   * @throws io.daxconv.converter.LayerException if a checksum is another
   */
  static void check(StoredLayerFile layer) throws IOException {
    new StoredLayerCheck(layer).check();
  }

  private void check() throws IOException {
    StoredLayerFile.Footer footer = layer.footer();
    if (crc(footer.entriesAt(), footer.entriesSize()) != footer.crc()) {
      throw StoredLayerFile.damaged(layer.diffId(), "its entries");
    }
    long checked = 0;
    try (DataInputStream records = new DataInputStream(StoredLayerReader.records(layer))) {
      for (long left = footer.entryCount(); left > 0; left--) {
        EntryRecords.Stored stored = EntryRecords.read(records);
        long size = stored.entry().size();
        // Equal contents stand there once, and each new one behind all others.
        if (stored.entry().type() == EntryType.REGULAR && size > 0 && stored.extent() >= checked) {
          checked = stored.extent() + size;
          if (crc(stored.extent(), size) != stored.crc() || !zerosBehind(checked)) {
            throw StoredLayerFile.damaged(layer.diffId(), "its data");
          }
        }
      }
    }
  }

  private int crc(long from, long size) throws IOException {
    CRC32C crc = new CRC32C();
    for (long done = 0; done < size; done += chunk.limit()) {
      chunk.clear().limit((int) Math.min(CHUNK, size - done));
      if (!StoredLayerFile.readFully(file, chunk, from + done)) {
        throw StoredLayerFile.damaged(layer.diffId(), "its data");
      }
      crc.update(chunk.flip());
    }
    return (int) crc.getValue();
  }

  /** Whether the rest of the page behind the end of a file is zeros: pages are copied whole. */
  private boolean zerosBehind(long end) throws IOException {
    int rest = (int) (-end & (StoredLayerFile.PAGE - 1));
    if (!StoredLayerFile.readFully(file, chunk.clear().limit(rest), end)) {
      return false;
    }
    for (int i = 0; i < rest; i++) {
      if (chunk.get(i) != 0) {
        return false;
      }
    }
    return true;
  }
}
