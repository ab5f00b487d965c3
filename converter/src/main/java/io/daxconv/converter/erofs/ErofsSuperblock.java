package io.daxconv.converter.erofs;

import static io.daxconv.converter.format.Fields.bytes;
import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.offsetOf;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u16;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.u64;
import static io.daxconv.converter.format.Fields.u8;
import static io.daxconv.converter.format.Fields.zeros;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.zip.CRC32C;

/**
 * The EROFS superblock ({@code struct erofs_super_block} in Linux's fs/erofs/erofs_fs.h), at byte
 * {@link #POSITION} of the image: DAXFS reads only the first 112 bytes of that block. An image
 * without compression, further devices or long xattr prefixes has zeros in all other fields.
 *
 * @param magic {@link #MAGIC}
 * @param checksum of the bytes from here to the end of the block, this field as zero
 * @param featureCompat {@link #CHECKSUM} and {@link #MTIME}
 * @param blockBits logarithm of the block size to base 2: 12
 * @param rootNid the root directory
 * @param inodes how many there are
 * @param buildTime seconds since 1970; the mtime of compact inodes
 * @param buildTimeNanos nanoseconds of it
 * @param blocks blocks of the image
 * @param metaBlock the block in which nid 0 would stand
 * @param xattrBlock the block of shared xattrs; there are none
 * @param uuid 16 bytes
 * @param featureIncompat 0
 */
@SuppressWarnings("ArrayRecordComponent")
public record ErofsSuperblock(
    int magic,
    int checksum,
    int featureCompat,
    int blockBits,
    int rootNid,
    long inodes,
    long buildTime,
    int buildTimeNanos,
    int blocks,
    int metaBlock,
    int xattrBlock,
    byte[] uuid,
    int featureIncompat) {
  public static final int MAGIC = 0xe0f5e1e2;
  public static final int POSITION = 1024;
  public static final int SIZE = 128;

  /** Compatible feature: the checksum is there. */
  public static final int CHECKSUM = 1;

  /** Compatible feature: inodes have the time of modification and not of change. */
  public static final int MTIME = 2;

  public static final int BLOCK_BITS = 12;
  public static final int BLOCK_SIZE = 1 << BLOCK_BITS;

  static final StructLayout LAYOUT =
      struct(
          "erofs_super_block",
          SIZE,
          u32("magic"),
          u32("checksum"),
          u32("feature_compat"),
          u8("blkszbits"),
          u8("sb_extslots"),
          u16("root_nid"),
          u64("inos"),
          u64("build_time"),
          u32("build_time_nsec"),
          u32("blocks"),
          u32("meta_blkaddr"),
          u32("xattr_blkaddr"),
          bytes("uuid", 16),
          bytes("volume_name", 16),
          u32("feature_incompat"),
          zeros(44));

  private static final VarHandle MAGIC_FIELD = handle(LAYOUT, "magic");
  private static final VarHandle CHECKSUM_FIELD = handle(LAYOUT, "checksum");
  private static final VarHandle FEATURE_COMPAT = handle(LAYOUT, "feature_compat");
  private static final VarHandle BLKSZBITS = handle(LAYOUT, "blkszbits");
  private static final VarHandle ROOT_NID = handle(LAYOUT, "root_nid");
  private static final VarHandle INOS = handle(LAYOUT, "inos");
  private static final VarHandle BUILD_TIME = handle(LAYOUT, "build_time");
  private static final VarHandle BUILD_TIME_NSEC = handle(LAYOUT, "build_time_nsec");
  private static final VarHandle BLOCKS = handle(LAYOUT, "blocks");
  private static final VarHandle META_BLKADDR = handle(LAYOUT, "meta_blkaddr");
  private static final VarHandle XATTR_BLKADDR = handle(LAYOUT, "xattr_blkaddr");
  private static final VarHandle FEATURE_INCOMPAT = handle(LAYOUT, "feature_incompat");
  private static final long UUID = offsetOf(LAYOUT, "uuid");

  /** Reads the superblock of the image that starts at byte 0. */
  public static ErofsSuperblock read(MemorySegment image) {
    long at = POSITION;
    byte[] uuid = new byte[16];
    MemorySegment.copy(image, ValueLayout.JAVA_BYTE, at + UUID, uuid, 0, uuid.length);
    return new ErofsSuperblock(
        (int) MAGIC_FIELD.get(image, at),
        (int) CHECKSUM_FIELD.get(image, at),
        (int) FEATURE_COMPAT.get(image, at),
        Byte.toUnsignedInt((byte) BLKSZBITS.get(image, at)),
        Short.toUnsignedInt((short) ROOT_NID.get(image, at)),
        (long) INOS.get(image, at),
        (long) BUILD_TIME.get(image, at),
        (int) BUILD_TIME_NSEC.get(image, at),
        (int) BLOCKS.get(image, at),
        (int) META_BLKADDR.get(image, at),
        (int) XATTR_BLKADDR.get(image, at),
        uuid,
        (int) FEATURE_INCOMPAT.get(image, at));
  }

  /** Writes the superblock into the image that starts at byte 0, over bytes that are zero. */
  public void write(MemorySegment image) {
    long at = POSITION;
    MAGIC_FIELD.set(image, at, magic);
    CHECKSUM_FIELD.set(image, at, checksum);
    FEATURE_COMPAT.set(image, at, featureCompat);
    BLKSZBITS.set(image, at, (byte) blockBits);
    ROOT_NID.set(image, at, (short) rootNid);
    INOS.set(image, at, inodes);
    BUILD_TIME.set(image, at, buildTime);
    BUILD_TIME_NSEC.set(image, at, buildTimeNanos);
    BLOCKS.set(image, at, blocks);
    META_BLKADDR.set(image, at, metaBlock);
    XATTR_BLKADDR.set(image, at, xattrBlock);
    FEATURE_INCOMPAT.set(image, at, featureIncompat);
    MemorySegment.copy(uuid, 0, image, ValueLayout.JAVA_BYTE, at + UUID, uuid.length);
  }

  /**
   * The checksum that the superblock of an image should have: CRC32C, seeded with all ones and not
   * inverted in the end, over the rest of the first block with the checksum's field as zero
   * (erofs_superblock_csum_verify in fs/erofs/super.c).
   */
  public static int checksumOf(MemorySegment image) {
    byte[] rest = new byte[BLOCK_SIZE - POSITION];
    MemorySegment.copy(image, ValueLayout.JAVA_BYTE, POSITION, rest, 0, rest.length);
    int field = (int) offsetOf(LAYOUT, "checksum");
    java.util.Arrays.fill(rest, field, field + Integer.BYTES, (byte) 0);
    CRC32C crc = new CRC32C();
    crc.update(rest);
    return ~(int) crc.getValue();
  }

  /** Writes the checksum of what stands in the image's first block. */
  public static void seal(MemorySegment image) {
    CHECKSUM_FIELD.set(image, (long) POSITION, checksumOf(image));
  }
}
