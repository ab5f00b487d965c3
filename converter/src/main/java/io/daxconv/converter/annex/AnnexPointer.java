package io.daxconv.converter.annex;

import static io.daxconv.converter.format.Fields.bytes;
import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.offsetOf;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.u64;

import io.daxconv.converter.source.Digest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Where the annex stands in an image: 64 bytes at byte {@link #POSITION} of the superblock's block,
 * which the DAXFS module does not read and in which EROFS keeps nothing (its superblock is bytes
 * 1024 to 1151). The format is ours and described in docs/annex.md.
 *
 * @param version {@link #VERSION}
 * @param offset the annex, from the start of the image
 * @param length bytes of JSON
 * @param sha256 the digest of those bytes
 */
public record AnnexPointer(int version, long offset, long length, Digest sha256) {
  public static final int POSITION = 512;
  public static final int SIZE = 64;
  public static final int VERSION = 1;

  /** {@code "daxannex"} as it stands in the file. */
  public static final long MAGIC = 0x78656e6e61786164L;

  static final StructLayout LAYOUT =
      struct(
          "annex_pointer",
          SIZE,
          u64("magic"),
          u32("version"),
          u32("reserved"),
          u64("offset"),
          u64("length"),
          bytes("sha256", 32));

  private static final VarHandle MAGIC_FIELD = handle(LAYOUT, "magic");
  private static final VarHandle VERSION_FIELD = handle(LAYOUT, "version");
  private static final VarHandle OFFSET = handle(LAYOUT, "offset");
  private static final VarHandle LENGTH = handle(LAYOUT, "length");
  private static final long SHA256 = offsetOf(LAYOUT, "sha256");

  /** Reads the pointer of the image that starts at byte 0; null where the magic is not there. */
  public static @Nullable AnnexPointer read(MemorySegment image) {
    long at = POSITION;
    if ((long) MAGIC_FIELD.get(image, at) != MAGIC) {
      return null;
    }
    byte[] sha256 = new byte[32];
    MemorySegment.copy(image, ValueLayout.JAVA_BYTE, at + SHA256, sha256, 0, sha256.length);
    return new AnnexPointer(
        (int) VERSION_FIELD.get(image, at),
        (long) OFFSET.get(image, at),
        (long) LENGTH.get(image, at),
        new Digest(Digest.Algorithm.SHA256, HexFormat.of().formatHex(sha256)));
  }

  /** Writes the pointer into the image that starts at byte 0, over bytes that are zero. */
  public void write(MemorySegment image) {
    long at = POSITION;
    MAGIC_FIELD.set(image, at, MAGIC);
    VERSION_FIELD.set(image, at, version);
    OFFSET.set(image, at, offset);
    LENGTH.set(image, at, length);
    byte[] digest = HexFormat.of().parseHex(sha256.hex());
    MemorySegment.copy(digest, 0, image, ValueLayout.JAVA_BYTE, at + SHA256, digest.length);
  }
}
