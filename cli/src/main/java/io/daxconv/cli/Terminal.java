package io.daxconv.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Terminals, and the one on standard error. Java's Console knows standard input and output only.
 */
final class Terminal {
  private static final int STANDARD_ERROR = 2;
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  /** {@code S_IFMT} and {@code S_IFCHR} (inode(7)). */
  private static final int FILE_TYPE = 0170000;

  private static final int CHARACTER_DEVICE = 0020000;

  /** Major numbers (Linux, admin-guide/devices.txt): {@code /dev/null} and its like. */
  private static final int MEMORY_DEVICES = 1;

  /** Virtual consoles and serial lines, {@code /dev/tty} and the console, pseudo-terminals. */
  private static final Set<Integer> TERMINALS =
      Set.of(4, 5, 136, 137, 138, 139, 140, 141, 142, 143);

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

  private final Screen assumed;

  private Terminal(Screen assumed) {
    this.assumed = assumed;
  }

  /** Says how large the terminal is each time it is asked; null where there is none. */
  static @Nullable Supplier<Screen> onStandardError(Map<String, String> environment) {
    return isTerminal(STANDARD_ERROR) ? new Terminal(assumed(environment))::screen : null;
  }

  /**
   * Whether a descriptor is one, told by its device where that will do: to set up the call of
   * {@code isatty} takes a noticeable part of a start.
   */
  static boolean isTerminal(int descriptor) {
    try {
      if (((int) attribute(descriptor, "unix:mode") & FILE_TYPE) != CHARACTER_DEVICE) {
        return false;
      }
      int major = (int) ((long) attribute(descriptor, "unix:rdev") >> 8) & 0xfff;
      if (major == MEMORY_DEVICES) {
        return false;
      }
      if (TERMINALS.contains(major)) {
        return true;
      }
    } catch (IOException | UnsupportedOperationException e) {
      // No /proc: the C library knows.
    }
    return Calls.isTerminal(descriptor);
  }

  private static Object attribute(int descriptor, String name) throws IOException {
    Path file = DESCRIPTORS.resolve(Integer.toString(descriptor));
    return Objects.requireNonNull(Files.getAttribute(file, name));
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
      int result = (int) Calls.IOCTL.invokeExact(STANDARD_ERROR, GET_WINDOW_SIZE, size);
      int rows = Short.toUnsignedInt(size.get(JAVA_SHORT, 0));
      int columns = Short.toUnsignedInt(size.get(JAVA_SHORT, 2));
      return result == 0 && rows > 0 && columns > 0 ? new Screen(rows, columns) : assumed;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The C library's functions, which are looked up when the first is called. */
  private static final class Calls {
    private static final MethodHandle ISATTY =
        call("isatty", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle IOCTL =
        call(
            "ioctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
            Linker.Option.firstVariadicArg(2));

    private Calls() {}

    static boolean isTerminal(int descriptor) {
      try {
        return (int) ISATTY.invokeExact(descriptor) == 1;
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
}
