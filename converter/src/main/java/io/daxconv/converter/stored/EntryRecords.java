package io.daxconv.converter.stored;

import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.layer.SparseMap;
import io.daxconv.converter.layer.Xattrs;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Entries one behind the other, in the order of the layer. Numbers are big-endian, as {@link
 * DataOutputStream} writes them; byte strings have their length before them.
 */
final class EntryRecords {
  /** A type's number is its place here. */
  private static final List<EntryType> TYPES =
      List.of(
          EntryType.REGULAR,
          EntryType.DIRECTORY,
          EntryType.SYMLINK,
          EntryType.HARD_LINK,
          EntryType.CHARACTER_DEVICE,
          EntryType.BLOCK_DEVICE,
          EntryType.FIFO,
          EntryType.SOCKET);

  private EntryRecords() {}

  /**
   * An entry and where its data stands.
   *
   * @param extent where its data begins in the file; 0 for an empty file and for others
   * @param crc CRC32C of its data
   */
  record Stored(LayerEntry entry, long extent, int crc) {}

  static void write(DataOutputStream out, Stored stored) throws IOException {
    LayerEntry entry = stored.entry();
    out.writeByte(TYPES.indexOf(entry.type()));
    bytes(out, entry.path());
    bytes(out, entry.target());
    out.writeLong(entry.size());
    SparseMap sparse = entry.sparse();
    out.writeLong(sparse == null ? -1 : sparse.storedSize());
    out.writeInt(entry.permissions());
    out.writeInt(entry.uid());
    out.writeInt(entry.gid());
    out.writeLong(entry.mtimeSeconds());
    out.writeInt(entry.mtimeNanos());
    out.writeInt(entry.major());
    out.writeInt(entry.minor());
    out.writeInt(entry.xattrs().byName().size());
    for (Map.Entry<String, byte[]> xattr : entry.xattrs().byName().entrySet()) {
      bytes(out, xattr.getKey().getBytes(StandardCharsets.UTF_8));
      bytes(out, xattr.getValue());
    }
    out.writeLong(stored.extent());
    out.writeInt(stored.crc());
  }

  static Stored read(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    if (type >= TYPES.size()) {
      throw new IOException("type " + type);
    }
    byte[] path = bytes(in);
    byte[] target = bytes(in);
    long size = in.readLong();
    long storedSize = in.readLong();
    SparseMap sparse = storedSize < 0 ? null : SparseMap.withHoles(size, storedSize);
    int permissions = in.readInt();
    int uid = in.readInt();
    int gid = in.readInt();
    long mtimeSeconds = in.readLong();
    int mtimeNanos = in.readInt();
    int major = in.readInt();
    int minor = in.readInt();
    TreeMap<String, byte[]> xattrs = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      String name = new String(bytes(in), StandardCharsets.UTF_8);
      xattrs.put(name, bytes(in));
    }
    LayerEntry entry =
        new LayerEntry(
            TYPES.get(type),
            path,
            target,
            size,
            sparse,
            permissions,
            uid,
            gid,
            mtimeSeconds,
            mtimeNanos,
            major,
            minor,
            Xattrs.of(xattrs));
    return new Stored(entry, in.readLong(), in.readInt());
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    byte[] bytes = length < 0 ? new byte[0] : in.readNBytes(length);
    if (bytes.length != length) {
      throw new IOException("a length of " + length);
    }
    return bytes;
  }
}
