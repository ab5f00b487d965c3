package io.daxconv.converter.format;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The vocabulary of on-disk structs: little-endian fields that need no alignment, with explicit
 * padding between them. Each struct of a format is described with these once, and planning,
 * writing, reading and checking all go through that description.
 */
public final class Fields {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private Fields() {}

  /** An unsigned 8-bit field. */
  public static MemoryLayout u8(String name) {
    return ValueLayout.JAVA_BYTE.withName(name);
  }

  /** An unsigned 16-bit field. */
  public static MemoryLayout u16(String name) {
    return U16.withName(name);
  }

  /** An unsigned 32-bit field. */
  public static MemoryLayout u32(String name) {
    return U32.withName(name);
  }

  /** An unsigned 64-bit field. */
  public static MemoryLayout u64(String name) {
    return U64.withName(name);
  }

  /** A run of bytes with a name. */
  public static MemoryLayout bytes(String name, long count) {
    return MemoryLayout.sequenceLayout(count, ValueLayout.JAVA_BYTE).withName(name);
  }

  /** Bytes that are zero and mean nothing. */
  public static MemoryLayout zeros(long count) {
    return MemoryLayout.paddingLayout(count);
  }

  /**
   * A struct of these fields, which must come to exactly the size the format gives it.
   *
   * @throws IllegalArgumentException if they do not
   */
  public static StructLayout struct(String name, long size, MemoryLayout... fields) {
    StructLayout layout = MemoryLayout.structLayout(fields).withName(name);
    if (layout.byteSize() != size) {
      throw new IllegalArgumentException(name + " is " + layout.byteSize() + " bytes, not " + size);
    }
    return layout;
  }

  /** Access to a named field; coordinates are a segment and the struct's offset in it. */
  public static VarHandle handle(StructLayout struct, String field) {
    return struct.varHandle(PathElement.groupElement(field)).withInvokeExactBehavior();
  }

  /** Where a named field stands in its struct. */
  public static long offsetOf(StructLayout struct, String field) {
    return struct.byteOffset(PathElement.groupElement(field));
  }
}
