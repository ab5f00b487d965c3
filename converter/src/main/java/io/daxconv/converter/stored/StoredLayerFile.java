package io.daxconv.converter.stored;

import io.daxconv.converter.LayerException;
import io.daxconv.converter.linux.SparseFile;
import io.daxconv.converter.source.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A layer as it is kept in a file, little-endian:
 *
 * <pre>
 * 0       u64 magic, zeros
 * 4096    regular data, each file in whole pages of 4096 bytes, each content once
 *         the entries, {@link EntryRecords}
 * end-56  u64 where the entries begin | u64 their bytes | u64 how many | u64 bytes of the blob
 *         u64 bytes of the tar | u32 CRC32C of the entries | u32 CRC32C of this, from its start
 *         u64 magic
 * </pre>
 *
 * <p>The file gets its name, its diff_id, when it is whole. The checksum of a file's data is in its
 * entry.
 */
public final class StoredLayerFile implements Closeable {
  static final long MAGIC = 0x3130_5259_4c58_4144L;
  static final int PAGE = 4096;
  static final int FOOTER = 56;

  private final Path path;
  private final SparseFile file;
  private final Digest diffId;
  private final Footer footer;
  private final Runnable closed;
  private final AtomicBoolean open = new AtomicBoolean(true);

  /**
   * What stands at the end.
   *
   * @param entriesAt where the entries begin
   * @param entriesSize their bytes
   * @param entryCount how many there are
   * @param blobBytes of the blob that the layer was read from
   * @param tarBytes of its tar
   * @param crc of the entries' bytes
   */
  record Footer(
      long entriesAt, long entriesSize, long entryCount, long blobBytes, long tarBytes, int crc) {
    ByteBuffer toBytes() {
      ByteBuffer bytes = ByteBuffer.allocate(FOOTER).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putLong(entriesAt).putLong(entriesSize).putLong(entryCount);
      bytes.putLong(blobBytes).putLong(tarBytes).putInt(crc);
      return bytes.putInt(Crc.of(bytes.duplicate().flip())).putLong(MAGIC).flip();
    }
  }

  private StoredLayerFile(
      Path path, SparseFile file, Digest diffId, Footer footer, Runnable closed) {
    this.path = path;
    this.file = file;
    this.diffId = diffId;
    this.footer = footer;
    this.closed = closed;
  }

  /**
   * Looks at a file that is open, which is closed with this.
   *
   * @param closed is told when it is closed
   * @throws LayerException if it is not such a file, or not whole
   */
  static StoredLayerFile of(Path path, SparseFile file, Digest diffId, Runnable closed)
      throws IOException {
    long size = file.size();
    ByteBuffer bytes = ByteBuffer.allocate(FOOTER).order(ByteOrder.LITTLE_ENDIAN);
    if (size < PAGE + FOOTER || !readFully(file.channel(), bytes, size - FOOTER)) {
      throw damaged(diffId, "its end");
    }
    bytes.flip();
    Footer footer =
        new Footer(
            bytes.getLong(),
            bytes.getLong(),
            bytes.getLong(),
            bytes.getLong(),
            bytes.getLong(),
            bytes.getInt());
    int crc = Crc.of(bytes.duplicate().flip());
    if (bytes.getInt() != crc
        || bytes.getLong() != MAGIC
        || footer.entriesAt < PAGE
        || footer.entriesSize < 0
        || footer.entriesAt + footer.entriesSize != size - FOOTER) {
      throw damaged(diffId, "its end");
    }
    return new StoredLayerFile(path, file, diffId, footer, closed);
  }

  static boolean readFully(FileChannel file, ByteBuffer into, long at) throws IOException {
    for (long from = at; into.hasRemaining(); ) {
      int read = file.read(into, from);
      if (read < 0) {
        return false;
      }
      from += read;
    }
    return true;
  }

  static LayerException damaged(Digest diffId, String what) {
    return new LayerException(
        "kept layer " + diffId + ": damaged in " + what + "; it is removed, try again");
  }

  /** The digest of the layer's tar. */
  public Digest diffId() {
    return diffId;
  }

  FileChannel channel() {
    return file.channel();
  }

  /** The file, and where it has data. */
  SparseFile data() {
    return file;
  }

  Footer footer() {
    return footer;
  }

  /** Bytes of the blob that the layer was read from. */
  public long blobBytes() {
    return footer.blobBytes();
  }

  /** Removes what turned out to be damaged, so that the next reading makes it anew. */
  void discard() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // Whoever finds it again will see the same and say so.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    if (open.getAndSet(false)) {
      closed.run();
    }
    file.close();
  }
}
