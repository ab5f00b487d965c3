package io.daxconv.converter.compress;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Intel's ISA-L, where it is installed ({@code libisal2}, {@code isa-l}): two and a half times as
 * fast as zlib. Of {@code struct inflate_state} (igzip_lib.h) only what is in {@link #STATE} is
 * used; it is the same in the releases 2.24 to 2.32, of which all are {@code libisal.so.2}.
 */
final class Isal {
  private static final String LIBRARY = "libisal.so.2";

  /** {@code ISAL_BLOCK_FINISH}: the data has ended and all of it has been put out. */
  static final int FINISHED = 5;

  /** Where the decoder's two code tables end and the state of the block begins. */
  private static final int TABLES = 21160 - 40;

  /** More than the 87,368 bytes that the struct has, should it grow at its end. */
  private static final int STATE_SIZE = 1 << 17;

  static final StructLayout STATE =
      MemoryLayout.structLayout(
          ADDRESS.withName("next_out"),
          JAVA_INT.withName("avail_out"),
          JAVA_INT.withName("total_out"),
          ADDRESS.withName("next_in"),
          JAVA_LONG.withName("read_in"),
          JAVA_INT.withName("avail_in"),
          JAVA_INT.withName("read_in_length"),
          MemoryLayout.paddingLayout(TABLES),
          JAVA_INT.withName("block_state"),
          MemoryLayout.paddingLayout(4));

  private final MethodHandle init;
  private final MethodHandle reset;
  private final MethodHandle inflate;

  private Isal(SymbolLookup library) {
    init = call(library, "isal_inflate_init", FunctionDescriptor.ofVoid(ADDRESS));
    reset = call(library, "isal_inflate_reset", FunctionDescriptor.ofVoid(ADDRESS));
    inflate = call(library, "isal_inflate", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  }

  private static MethodHandle call(SymbolLookup library, String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
  }

  /** The library; empty where it is not installed or lacks what is needed. */
  static Optional<Isal> load() {
    if (!ADDRESS.equals(ADDRESS.withByteAlignment(8)) || ADDRESS.byteSize() != 8) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Isal(SymbolLookup.libraryLookup(LIBRARY, Arena.global())));
    } catch (IllegalArgumentException | java.util.NoSuchElementException absent) {
      return Optional.empty();
    }
  }

  /** A fresh {@code struct inflate_state} for raw deflate data. */
  MemorySegment newState(Arena arena) {
    MemorySegment state = arena.allocate(STATE_SIZE, 64);
    run(init, state);
    return state;
  }

  void reset(MemorySegment state) {
    run(reset, state);
  }

  private static void run(MethodHandle function, MemorySegment state) {
    try {
      function.invokeExact(state);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code isal_inflate}: 0, or less for what is wrong. */
  int inflate(MemorySegment state) {
    try {
      return (int) inflate.invokeExact(state);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
