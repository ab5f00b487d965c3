package io.daxconv.converter.erofs;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/** Bytes that mkfs.erofs 1.5 wrote, to hold against what is thought here of the format. */
final class MkfsImage {
  private MkfsImage() {}

  /** An empty directory, made with {@code -T0} and a UUID: one block. */
  static MemorySegment empty() {
    byte[] image = new byte[4096];
    put(
        image,
        1024,
        "e2e1f5e0475ae15f030000000c002400"
            + "01000000000000000000000000000000"
            + "00000000010000000000000000000000"
            + "000102030405060708090a0b0c0d0e0f");
    put(
        image,
        1152,
        "04000000ed4102001b00000000000000"
            + "ffffffff000000000000000000000000"
            + "24000000000000001800020024000000"
            + "00000000190002002e2e2e0000000000");
    return MemorySegment.ofArray(image);
  }

  private static void put(byte[] image, int at, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    System.arraycopy(bytes, 0, image, at, bytes.length);
  }
}
