package io.daxconv.converter.layer;

import io.daxconv.converter.text.Escapes;
import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * One header block of a tar, with its fields where POSIX.1-1988 (ustar), GNU tar and star keep
 * them. Text fields come out as bytes; numbers are octal or base-256.
 */
final class TarHeader {
  static final int SIZE = 512;

  private static final byte[] USTAR = {'u', 's', 't', 'a', 'r', 0, '0', '0'};
  private static final byte[] GNU = {'u', 's', 't', 'a', 'r', ' ', ' ', 0};
  private static final byte[] STAR_TRAILER = {'t', 'a', 'r', 0};

  /** Fields as offset and length, by the names POSIX gives them. */
  enum Field {
    NAME(0, 100),
    MODE(100, 8),
    UID(108, 8),
    GID(116, 8),
    SIZE(124, 12),
    MTIME(136, 12),
    LINKNAME(157, 100),
    DEVMAJOR(329, 8),
    DEVMINOR(337, 8),
    PREFIX(345, 155),
    STAR_PREFIX(345, 131),
    GNU_REALSIZE(483, 12);

    private final int offset;
    private final int length;

    Field(int offset, int length) {
      this.offset = offset;
      this.length = length;
    }

    /** As messages call it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int TYPEFLAG = 156;
  private static final int MAGIC = 257;
  private static final int TRAILER = 508;
  private static final int GNU_SPARSE = 386;
  private static final int GNU_SPARSE_PIECES = 4;
  private static final int GNU_IS_EXTENDED = 482;
  private static final int EXTENSION_PIECES = 21;
  private static final int EXTENSION_IS_EXTENDED = 504;

  private final byte[] block;

  /** Takes a whole block, checksum verified. */
  TarHeader(byte[] block) throws TarFormatException {
    if (!checksumHolds(block)) {
      throw new TarFormatException(
          "tar header: its checksum does not hold; the archive is corrupt or is no tar");
    }
    this.block = block.clone();
  }

  private static boolean checksumHolds(byte[] block) {
    try {
      return TarUtils.verifyCheckSum(block);
    } catch (IllegalArgumentException notANumber) {
      return false;
    }
  }

  static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  char type() {
    return (char) (block[TYPEFLAG] & 0xff);
  }

  /** The name with its prefix, where the format has one. */
  byte[] path() {
    byte[] name = text(Field.NAME);
    if (!at(MAGIC, USTAR)) {
      return name;
    }
    byte[] prefix = text(at(TRAILER, STAR_TRAILER) ? Field.STAR_PREFIX : Field.PREFIX);
    if (prefix.length == 0) {
      return name;
    }
    byte[] path = Arrays.copyOf(prefix, prefix.length + 1 + name.length);
    path[prefix.length] = '/';
    System.arraycopy(name, 0, path, prefix.length + 1, name.length);
    return path;
  }

  /** A text field up to its first NUL. */
  byte[] text(Field field) {
    int end = field.offset;
    while (end < field.offset + field.length && block[end] != 0) {
      end++;
    }
    return Arrays.copyOfRange(block, field.offset, end);
  }

  /** A number, octal or base-256; an empty field is 0. */
  long number(Field field) throws TarFormatException {
    return number(block, field.offset, field.length, field);
  }

  /** Device numbers, which old formats leave undefined. */
  int device(Field field) throws TarFormatException {
    if (!at(MAGIC, USTAR) && !at(MAGIC, GNU)) {
      return 0;
    }
    long number = number(field);
    if (number < 0 || number > 0xffffffffL) {
      throw new TarFormatException(field + ": expected a device number, found " + number);
    }
    return (int) number;
  }

  /** Adds the pieces that stand in an old GNU sparse header; true if extension blocks follow. */
  boolean sparsePieces(SparseMap.Builder map) throws TarFormatException {
    addPieces(block, GNU_SPARSE, GNU_SPARSE_PIECES, map);
    return block[GNU_IS_EXTENDED] != 0;
  }

  /** The same for an extension block. */
  static boolean extensionPieces(byte[] extension, SparseMap.Builder map)
      throws TarFormatException {
    addPieces(extension, 0, EXTENSION_PIECES, map);
    return extension[EXTENSION_IS_EXTENDED] != 0;
  }

  private static void addPieces(byte[] block, int at, int pieces, SparseMap.Builder map)
      throws TarFormatException {
    for (int i = 0; i < pieces && block[at + 24 * i] != 0; i++) {
      map.add(number(block, at + 24 * i, 12, "sparse offset"));
      map.add(number(block, at + 24 * i + 12, 12, "sparse length"));
    }
  }

  private static long number(byte[] block, int offset, int length, Object what)
      throws TarFormatException {
    try {
      return TarUtils.parseOctalOrBinary(block, offset, length);
    } catch (IllegalArgumentException e) {
      throw new TarFormatException(
          "tar header, field "
              + what
              + ": expected an octal or base-256 number, found "
              + Escapes.escape(Arrays.copyOfRange(block, offset, offset + length)));
    }
  }

  private boolean at(int offset, byte[] expected) {
    return Arrays.equals(block, offset, offset + expected.length, expected, 0, expected.length);
  }
}
