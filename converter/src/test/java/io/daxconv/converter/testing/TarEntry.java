package io.daxconv.converter.testing;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One entry of a tar, down to its bytes (POSIX.1-2017, pax, "ustar Interchange Format", and the
 * deviations that real archives have). Changes apply to this entry and return it.
 */
public final class TarEntry {
  static final int BLOCK = 512;

  /** What stands in the magic field, and with it how the end of the header reads. */
  public enum Format {
    V7(""),
    USTAR("ustar\00000"),
    GNU("ustar  \0");

    private final String magic;

    Format(String magic) {
      this.magic = magic;
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Patch(int at, byte[] bytes) {}

  private final char type;
  private final byte[] name;
  private byte[] data = {};
  private byte[] link = {};
  private byte[] prefix = {};
  private Format format = Format.USTAR;
  private int mode = 0644;
  private BigInteger uid = BigInteger.ZERO;
  private BigInteger gid = BigInteger.ZERO;
  private BigInteger mtime = BigInteger.ZERO;
  private long size = -1;
  private int major;
  private int minor;
  private boolean base256;
  private boolean gnuLongNames;
  private boolean badChecksum;
  private final ByteArrayOutputStream pax = new ByteArrayOutputStream();
  private final List<Patch> patches = new ArrayList<>();

  /** An entry of any type, with the bytes of its name. */
  public TarEntry(char type, byte[] name) {
    this.type = type;
    this.name = name.clone();
  }

  /** An entry of any type. */
  public TarEntry(char type, String name) {
    this(type, name.getBytes(StandardCharsets.UTF_8));
  }

  /** A regular file, 0644. */
  public static TarEntry file(String name, String data) {
    return new TarEntry('0', name).data(data.getBytes(StandardCharsets.UTF_8));
  }

  /** A directory, 0755. */
  public static TarEntry directory(String name) {
    return new TarEntry('5', name).mode(0755);
  }

  /** A symlink, 0777. */
  public static TarEntry symlink(String name, String target) {
    return new TarEntry('2', name).link(target).mode(0777);
  }

  /** A hard link. */
  public static TarEntry hardLink(String name, String target) {
    return new TarEntry('1', name).link(target);
  }

  public TarEntry data(byte[] bytes) {
    data = bytes.clone();
    return this;
  }

  public TarEntry link(byte[] target) {
    link = target.clone();
    return this;
  }

  public TarEntry link(String target) {
    return link(target.getBytes(StandardCharsets.UTF_8));
  }

  /** The ustar prefix: what stands before the name and a slash. */
  public TarEntry prefix(String path) {
    prefix = path.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  public TarEntry format(Format as) {
    format = as;
    return this;
  }

  public TarEntry mode(int bits) {
    mode = bits;
    return this;
  }

  public TarEntry owner(long user, long group) {
    uid = BigInteger.valueOf(user);
    gid = BigInteger.valueOf(group);
    return this;
  }

  /** Seconds since 1970; a negative number makes the header's numbers base-256. */
  public TarEntry mtime(long seconds) {
    mtime = BigInteger.valueOf(seconds);
    return this;
  }

  /** What the size field says, whatever there is of data. */
  public TarEntry size(long bytes) {
    size = bytes;
    return this;
  }

  public TarEntry device(int majorNumber, int minorNumber) {
    major = majorNumber;
    minor = minorNumber;
    return this;
  }

  /** Writes numbers as GNU does where octal has no room: big endian with the top bit set. */
  public TarEntry base256() {
    base256 = true;
    return this;
  }

  /** Puts name and link target into GNU's {@code L} and {@code K} entries before this one. */
  public TarEntry gnuLongNames() {
    gnuLongNames = true;
    format = Format.GNU;
    return this;
  }

  /** Adds a record to the PAX header before this entry. */
  public TarEntry pax(String key, byte[] value) {
    pax.writeBytes(paxRecord(key, value));
    return this;
  }

  /** Adds a record to the PAX header before this entry. */
  public TarEntry pax(String key, String value) {
    return pax(key, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds raw bytes to the PAX header before this entry. */
  public TarEntry paxBytes(byte[] records) {
    pax.writeBytes(records);
    return this;
  }

  /** An extended attribute as GNU tar, libarchive and Go's archive/tar write it. */
  public TarEntry xattr(String key, byte[] value) {
    return pax("SCHILY.xattr." + key, value);
  }

  /** Overwrites bytes of the header before its checksum is made. */
  public TarEntry patch(int at, byte[] bytes) {
    patches.add(new Patch(at, bytes.clone()));
    return this;
  }

  /** Overwrites bytes of the header before its checksum is made. */
  public TarEntry patch(int at, String ascii) {
    return patch(at, ascii.getBytes(StandardCharsets.US_ASCII));
  }

  public TarEntry badChecksum() {
    badChecksum = true;
    return this;
  }

  /** A PAX record: its own length in decimal digits, a space, {@code key=value}, a newline. */
  public static byte[] paxRecord(String key, byte[] value) {
    byte[] start = (" " + key + "=").getBytes(StandardCharsets.UTF_8);
    int rest = start.length + value.length + 1;
    int length = rest + 1;
    while (length != rest + Integer.toString(length).length()) {
      length++;
    }
    ByteArrayOutputStream record = new ByteArrayOutputStream(length);
    record.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
    record.writeBytes(start);
    record.writeBytes(value);
    record.write('\n');
    return record.toByteArray();
  }

  /** The blocks of this entry, with those of the entries that describe it before it. */
  byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (pax.size() > 0) {
      out.writeBytes(new TarEntry('x', "PaxHeaders/entry").data(pax.toByteArray()).toBytes());
    }
    if (gnuLongNames) {
      out.writeBytes(longName('L', name));
      if (link.length > 0) {
        out.writeBytes(longName('K', link));
      }
    }
    out.writeBytes(header());
    out.writeBytes(data);
    out.writeBytes(new byte[-data.length & (BLOCK - 1)]);
    return out.toByteArray();
  }

  private static byte[] longName(char type, byte[] value) {
    return new TarEntry(type, "././@LongLink")
        .format(Format.GNU)
        .data(Arrays.copyOf(value, value.length + 1))
        .toBytes();
  }

  private byte[] header() {
    byte[] block = new byte[BLOCK];
    put(block, 0, Arrays.copyOf(name, Math.min(name.length, 100)));
    number(block, 100, 8, BigInteger.valueOf(mode));
    number(block, 108, 8, uid);
    number(block, 116, 8, gid);
    number(block, 124, 12, BigInteger.valueOf(size >= 0 ? size : data.length));
    number(block, 136, 12, mtime);
    block[156] = (byte) type;
    put(block, 157, Arrays.copyOf(link, Math.min(link.length, 100)));
    put(block, 257, format.magic.getBytes(StandardCharsets.ISO_8859_1));
    if (format != Format.V7) {
      number(block, 329, 8, BigInteger.valueOf(major));
      number(block, 337, 8, BigInteger.valueOf(minor));
      put(block, 345, prefix);
    }
    patches.forEach(patch -> put(block, patch.at, patch.bytes));
    checksum(block);
    return block;
  }

  private void checksum(byte[] block) {
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = badChecksum ? 1 : 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    put(block, 148, String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII));
  }

  private void number(byte[] block, int at, int width, BigInteger value) {
    boolean fits = value.signum() >= 0 && value.bitLength() <= 3 * (width - 1);
    if (fits && !base256) {
      String octal = value.toString(8);
      put(block, at, "0".repeat(width - 1 - octal.length()).getBytes(StandardCharsets.US_ASCII));
      put(block, at + width - 1 - octal.length(), octal.getBytes(StandardCharsets.US_ASCII));
      return;
    }
    put(block, at, base256(value, width));
  }

  /** A number in base 256: two's complement, of which the top bit says that it is one. */
  public static byte[] base256(BigInteger value, int width) {
    byte[] twos = value.toByteArray();
    byte[] field = new byte[width];
    Arrays.fill(field, (byte) (value.signum() < 0 ? 0xff : 0));
    int room = Math.min(twos.length, width);
    System.arraycopy(twos, twos.length - room, field, width - room, room);
    field[0] |= (byte) 0x80;
    return field;
  }

  private static void put(byte[] block, int at, byte[] bytes) {
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }
}
