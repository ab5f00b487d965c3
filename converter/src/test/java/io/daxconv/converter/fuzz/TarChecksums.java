package io.daxconv.converter.fuzz;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Locale;

/** Puts the checksums of a tar's headers right, which nearly every change would break. */
final class TarChecksums {
  private static final int BLOCK = 512;

  private TarChecksums() {}

  static void putRight(byte[] tar) {
    for (long at = 0; at + BLOCK <= tar.length; ) {
      int header = (int) at;
      if (isZero(tar, header)) {
        return;
      }
      Arrays.fill(tar, header + 148, header + 156, (byte) ' ');
      int sum = 0;
      for (int i = 0; i < BLOCK; i++) {
        sum += tar[header + i] & 0xff;
      }
      byte[] field = String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(US_ASCII);
      System.arraycopy(field, 0, tar, header + 148, field.length);
      at += BLOCK + dataBlocks(tar, header) * BLOCK;
    }
  }

  private static boolean isZero(byte[] tar, int at) {
    for (int i = 0; i < BLOCK; i++) {
      if (tar[at + i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** How many blocks of data follow a header, as far as its octal size says. */
  private static long dataBlocks(byte[] tar, int header) {
    if ("123456".indexOf(tar[header + 156]) >= 0) {
      return 0;
    }
    long size = 0;
    for (int i = 124; i < 136; i++) {
      int digit = tar[header + i] - '0';
      if (digit < 0 || digit > 7) {
        break;
      }
      size = size * 8 + digit;
    }
    return (size + BLOCK - 1) / BLOCK;
  }
}
