package io.daxconv.converter.compress;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/** Decodes with ISA-L. */
final class IsalInflate implements Inflate {
  private static final VarHandle NEXT_OUT = field("next_out");
  private static final VarHandle AVAIL_OUT = field("avail_out");
  private static final VarHandle NEXT_IN = field("next_in");
  private static final VarHandle AVAIL_IN = field("avail_in");
  private static final VarHandle READ_IN_LENGTH = field("read_in_length");
  private static final VarHandle BLOCK_STATE = field("block_state");

  private final Isal isal;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment state;

  IsalInflate(Isal isal) {
    this.isal = isal;
    this.state = isal.newState(arena);
  }

  private static VarHandle field(String name) {
    return Isal.STATE.varHandle(groupElement(name)).withInvokeExactBehavior();
  }

  @Override
  public void reset() {
    isal.reset(state);
  }

  @Override
  public boolean inflate(ByteBuffer in, ByteBuffer out) throws CompressionException {
    int given = in.remaining();
    int room = out.remaining();
    NEXT_IN.set(state, 0L, MemorySegment.ofBuffer(in));
    AVAIL_IN.set(state, 0L, given);
    NEXT_OUT.set(state, 0L, MemorySegment.ofBuffer(out));
    AVAIL_OUT.set(state, 0L, room);
    int result = isal.inflate(state);
    if (result < 0) {
      throw Inflate.corrupt(meaning(result));
    }
    int unused = (int) AVAIL_IN.get(state, 0L);
    in.position(in.limit() - unused);
    out.position(out.limit() - (int) AVAIL_OUT.get(state, 0L));
    if ((int) BLOCK_STATE.get(state, 0L) != Isal.FINISHED) {
      return false;
    }
    // Whole bytes that wait in its bit buffer are not part of the data.
    int unread = (int) READ_IN_LENGTH.get(state, 0L) / Byte.SIZE;
    in.position(in.position() - unread);
    return true;
  }

  /** The results of {@code isal_inflate} (igzip_lib.h). */
  private static String meaning(int result) {
    return switch (result) {
      case -1 -> "invalid block";
      case -2 -> "invalid symbol";
      case -3 -> "invalid distance";
      default -> "isal_inflate gave " + result;
    };
  }

  @Override
  public void close() {
    arena.close();
  }
}
