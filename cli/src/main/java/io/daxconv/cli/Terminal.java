package io.daxconv.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Whether somebody is watching. Java's Console knows standard input and output only. */
final class Terminal {
  private static final int STANDARD_ERROR = 2;

  private Terminal() {}

  static boolean isStandardErrorTerminal() {
    Linker linker = Linker.nativeLinker();
    MethodHandle isatty =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("isatty"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      return (int) isatty.invokeExact(STANDARD_ERROR) == 1;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
