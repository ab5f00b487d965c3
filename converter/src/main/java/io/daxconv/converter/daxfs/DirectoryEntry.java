package io.daxconv.converter.daxfs;

import static io.daxconv.converter.format.Fields.bytes;
import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.offsetOf;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u16;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.zeros;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * One entry of a directory ({@code struct daxfs_dirent}). The module counts a directory's size in
 * units of {@link #COUNTED_SIZE} but strides over its entries by {@link #STRIDE}, the struct's size
 * with its trailing padding: entry {@code j} stands at {@code 272 j}, and {@code 272 n} bytes must
 * be inside the base image.
 *
 * @param inode the child's inode number, unsigned
 * @param mode the child's mode; gives {@code d_type}
 * @param nameLength 1 to 255
 * @param name the name's bytes, as many of {@code nameLength} as there is room for
 */
@SuppressWarnings("ArrayRecordComponent")
public record DirectoryEntry(int inode, int mode, int nameLength, byte[] name) {
  public static final int COUNTED_SIZE = 271;
  public static final int STRIDE = 272;
  public static final int NAME_ROOM = 255;

  static final StructLayout LAYOUT =
      struct(
          "daxfs_dirent",
          STRIDE,
          u32("ino"),
          u32("mode"),
          u16("name_len"),
          zeros(6),
          bytes("name", NAME_ROOM),
          zeros(1));

  private static final VarHandle INO = handle(LAYOUT, "ino");
  private static final VarHandle MODE = handle(LAYOUT, "mode");
  private static final VarHandle NAME_LEN = handle(LAYOUT, "name_len");
  private static final long NAME = offsetOf(LAYOUT, "name");

  /** Reads the {@link #STRIDE} bytes at an offset. */
  public static DirectoryEntry read(MemorySegment image, long at) {
    int length = Short.toUnsignedInt((short) NAME_LEN.get(image, at));
    byte[] name = new byte[Math.min(length, NAME_ROOM)];
    MemorySegment.copy(image, ValueLayout.JAVA_BYTE, at + NAME, name, 0, name.length);
    return new DirectoryEntry((int) INO.get(image, at), (int) MODE.get(image, at), length, name);
  }

  /** Writes the entry at an offset, over bytes that are zero. */
  public void write(MemorySegment image, long at) {
    INO.set(image, at, inode);
    MODE.set(image, at, mode);
    NAME_LEN.set(image, at, (short) nameLength);
    MemorySegment.copy(name, 0, image, ValueLayout.JAVA_BYTE, at + NAME, nameLength);
  }
}
