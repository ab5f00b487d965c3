package io.daxconv.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The terminal on standard error. Java's Console knows standard input and output only. */
final class Terminal {
  private static final int STANDARD_ERROR = 2;

  /** {@code TIOCGWINSZ} (asm-generic/ioctls.h; POWER has its own). */
  private static final long GET_WINDOW_SIZE =
      System.getProperty("os.arch", "").startsWith("ppc") ? 0x40087468 : 0x5413;

  /** {@code struct winsize} (ioctl_tty(2)). */
  private static final StructLayout WINDOW_SIZE =
      MemoryLayout.structLayout(
          JAVA_SHORT.withName("ws_row"),
          JAVA_SHORT.withName("ws_col"),
          JAVA_SHORT.withName("ws_xpixel"),
          JAVA_SHORT.withName("ws_ypixel"));

  private final MethodHandle ioctl;
  private final Screen assumed;

  private Terminal(MethodHandle ioctl, Screen assumed) {
    this.ioctl = ioctl;
    this.assumed = assumed;
  }

  /** Says how large the terminal is each time it is asked; null where there is none. */
  static @Nullable Supplier<Screen> onStandardError(Map<String, String> environment) {
    MethodHandle isatty = call("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    MethodHandle ioctl =
        call(
            "ioctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
            Linker.Option.firstVariadicArg(2));
    try {
      boolean isTerminal = (int) isatty.invokeExact(STANDARD_ERROR) == 1;
      return isTerminal ? new Terminal(ioctl, assumed(environment))::screen : null;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** How large a terminal is taken to be that does not say so itself. */
  static Screen assumed(Map<String, String> environment) {
    return new Screen(
        positive(environment.get("LINES"), 24), positive(environment.get("COLUMNS"), 80));
  }

  private static int positive(@Nullable String text, int otherwise) {
    return text != null && text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : otherwise;
  }

  private Screen screen() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(WINDOW_SIZE);
      int result = (int) ioctl.invokeExact(STANDARD_ERROR, GET_WINDOW_SIZE, size);
      int rows = Short.toUnsignedInt(size.get(JAVA_SHORT, 0));
      int columns = Short.toUnsignedInt(size.get(JAVA_SHORT, 2));
      return result == 0 && rows > 0 && columns > 0 ? new Screen(rows, columns) : assumed;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle call(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, options);
  }
}
