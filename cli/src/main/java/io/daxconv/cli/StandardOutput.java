package io.daxconv.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/** The process's standard output. */
final class StandardOutput {
  private static final int DESCRIPTOR = 1;
  private static final int BUFFER = 1 << 13;

  private StandardOutput() {}

  /** On a terminal all that is printed is seen at once; elsewhere when it is flushed or much. */
  static PrintStream open() {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER),
        Terminal.isTerminal(DESCRIPTOR),
        StandardCharsets.UTF_8);
  }

  /**
   * Whether nobody can read any more what is written: it is a pipe whose reader has closed it, or a
   * connection that has ended. A failed write does not tell it: Java has the error in the words of
   * the locale only.
   */
  static boolean isUnread() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment asked = arena.allocate(Poll.LAYOUT);
      asked.set(JAVA_INT, 0, DESCRIPTOR);
      int told = (int) Poll.CALL.invokeExact(asked, 1L, 0);
      return told == 1 && (asked.get(JAVA_SHORT, Poll.REVENTS) & Poll.ENDED) != 0;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** poll(2), which is looked up where a write has failed and not at each start. */
  private static final class Poll {
    /** {@code struct pollfd}. */
    static final StructLayout LAYOUT =
        MemoryLayout.structLayout(
            JAVA_INT.withName("fd"), JAVA_SHORT.withName("events"), JAVA_SHORT.withName("revents"));

    static final long REVENTS = 6;

    /** {@code POLLERR} and {@code POLLHUP}, which are told unasked. */
    static final int ENDED = 8 | 0x10;

    static final MethodHandle CALL =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("poll"),
                FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

    private Poll() {}
  }
}
