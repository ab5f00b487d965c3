package io.daxconv.converter.erofs;

import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u16;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.u8;
import static io.daxconv.converter.format.Fields.zeros;

import io.daxconv.converter.layer.Xattrs;
import io.daxconv.converter.text.Escapes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The xattrs that stand behind an inode ({@code struct erofs_xattr_ibody_header} and {@code
 * erofs_xattr_entry} in fs/erofs/erofs_fs.h): a header of 12 bytes, then the entries, each padded
 * to 4 bytes. Of a name's prefix only a number is stored, so only names with a known one can be.
 *
 * @param entries what can be stored, in the order of the names
 * @param leftOut escaped names of what cannot
 */
public record ErofsXattrs(List<Entry> entries, List<String> leftOut) {
  public static final int HEADER_SIZE = 12;
  public static final int ENTRY_SIZE = 4;

  private static final ErofsXattrs NONE = new ErofsXattrs(List.of(), List.of());
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_VALUE = 0xffff;

  /** What {@code i_xattr_icount}, of 16 bits, can count. */
  private static final int MOST_BYTES = HEADER_SIZE + 4 * 0xfffe;

  static final StructLayout HEADER =
      struct(
          "erofs_xattr_ibody_header",
          HEADER_SIZE,
          u32("h_name_filter"),
          u8("h_shared_count"),
          zeros(7));

  static final StructLayout ENTRY =
      struct(
          "erofs_xattr_entry",
          ENTRY_SIZE,
          u8("e_name_len"),
          u8("e_name_index"),
          u16("e_value_size"));

  private static final VarHandle SHARED_COUNT = handle(HEADER, "h_shared_count");
  private static final VarHandle NAME_LEN = handle(ENTRY, "e_name_len");
  private static final VarHandle NAME_INDEX = handle(ENTRY, "e_name_index");
  private static final VarHandle VALUE_SIZE = handle(ENTRY, "e_value_size");

  /** The prefixes that have a number; the two ACLs are whole names. */
  private enum Prefix {
    USER(1, "user."),
    ACL_ACCESS(2, "system.posix_acl_access"),
    ACL_DEFAULT(3, "system.posix_acl_default"),
    TRUSTED(4, "trusted."),
    SECURITY(6, "security.");

    private final int index;
    private final String text;

    Prefix(int index, String text) {
      this.index = index;
      this.text = text;
    }

    byte[] bytes() {
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    boolean isWholeName() {
      return this == ACL_ACCESS || this == ACL_DEFAULT;
    }

    static @Nullable Prefix of(byte[] name) {
      for (Prefix prefix : values()) {
        int length = prefix.text.length();
        boolean starts =
            name.length >= length && Arrays.equals(name, 0, length, prefix.bytes(), 0, length);
        if (starts && prefix.isWholeName() == (name.length == length)) {
          return prefix;
        }
      }
      return null;
    }

    static @Nullable Prefix of(int index) {
      for (Prefix prefix : values()) {
        if (prefix.index == index) {
          return prefix;
        }
      }
      return null;
    }
  }

  /**
   * One xattr as it is stored.
   *
   * @param nameIndex the number of the prefix
   * @param suffix the rest of the name
   * @param value the value
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Entry(int nameIndex, byte[] suffix, byte[] value) {
    int bytes() {
      return (ENTRY_SIZE + suffix.length + value.length + 3) & -4;
    }

    /** The whole name, or null for a prefix that is not known. */
    public byte @Nullable [] name() {
      Prefix prefix = Prefix.of(nameIndex);
      if (prefix == null) {
        return null;
      }
      byte[] name = Arrays.copyOf(prefix.bytes(), prefix.text.length() + suffix.length);
      System.arraycopy(suffix, 0, name, prefix.text.length(), suffix.length);
      return name;
    }
  }

  public ErofsXattrs {
    entries = List.copyOf(entries);
    leftOut = List.copyOf(leftOut);
  }

  /** What EROFS can hold of a file's xattrs. */
  public static ErofsXattrs of(Xattrs xattrs) {
    if (xattrs.isEmpty()) {
      return NONE;
    }
    List<Entry> entries = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    int bytes = HEADER_SIZE;
    for (Map.Entry<String, byte[]> xattr : xattrs.byName().entrySet()) {
      Entry entry = entry(Escapes.unescape(xattr.getKey()), xattr.getValue());
      if (entry == null || bytes + entry.bytes() > MOST_BYTES) {
        leftOut.add(xattr.getKey());
      } else {
        entries.add(entry);
        bytes += entry.bytes();
      }
    }
    return new ErofsXattrs(entries, leftOut);
  }

  private static @Nullable Entry entry(byte[] name, byte[] value) {
    Prefix prefix = Prefix.of(name);
    if (prefix == null || value.length > LONGEST_VALUE) {
      return null;
    }
    byte[] suffix = Arrays.copyOfRange(name, prefix.text.length(), name.length);
    return suffix.length > LONGEST_NAME ? null : new Entry(prefix.index, suffix, value);
  }

  /** Bytes behind the inode; 0 if there are none. */
  public int bytes() {
    int bytes = HEADER_SIZE;
    for (Entry entry : entries) {
      bytes += entry.bytes();
    }
    return entries.isEmpty() ? 0 : bytes;
  }

  /** What {@code i_xattr_icount} says. */
  public int count() {
    return entries.isEmpty() ? 0 : 1 + (bytes() - HEADER_SIZE) / 4;
  }

  /** Writes header and entries at an offset, over bytes that are zero. */
  void write(MemorySegment image, long at) {
    long next = at + HEADER_SIZE;
    for (Entry entry : entries) {
      NAME_LEN.set(image, next, (byte) entry.suffix.length);
      NAME_INDEX.set(image, next, (byte) entry.nameIndex);
      VALUE_SIZE.set(image, next, (short) entry.value.length);
      copy(entry.suffix, image, next + ENTRY_SIZE);
      copy(entry.value, image, next + ENTRY_SIZE + entry.suffix.length);
      next += entry.bytes();
    }
  }

  private static void copy(byte[] bytes, MemorySegment image, long at) {
    MemorySegment.copy(bytes, 0, image, ValueLayout.JAVA_BYTE, at, bytes.length);
  }

  /** How many shared xattrs the header at an offset counts; images that daxconv makes have none. */
  public static int sharedCount(MemorySegment image, long at) {
    return Byte.toUnsignedInt((byte) SHARED_COUNT.get(image, at));
  }

  /**
   * Reads the entry at an offset.
   *
   * @param end where the xattrs end
   * @return the entry, or null if it reaches beyond the end
   */
  public static @Nullable Entry read(MemorySegment image, long at, long end) {
    if (end - at < ENTRY_SIZE) {
      return null;
    }
    int nameLength = Byte.toUnsignedInt((byte) NAME_LEN.get(image, at));
    int valueSize = Short.toUnsignedInt((short) VALUE_SIZE.get(image, at));
    if (end - at < ENTRY_SIZE + nameLength + valueSize) {
      return null;
    }
    long name = at + ENTRY_SIZE;
    return new Entry(
        Byte.toUnsignedInt((byte) NAME_INDEX.get(image, at)),
        image.asSlice(name, nameLength).toArray(ValueLayout.JAVA_BYTE),
        image.asSlice(name + nameLength, valueSize).toArray(ValueLayout.JAVA_BYTE));
  }
}
