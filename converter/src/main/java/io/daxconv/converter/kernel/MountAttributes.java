package io.daxconv.converter.kernel;

import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u64;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;

/** The attributes of mounts, and {@code struct mount_attr} (mount_setattr(2), linux/mount.h). */
final class MountAttributes {
  static final int READ_ONLY = 1;
  static final int NO_SUID = 2;
  static final int NO_DEVICES = 4;
  private static final int ID_MAP = 0x100000;

  static final StructLayout LAYOUT =
      struct(
          "mount_attr", 32, u64("attr_set"), u64("attr_clr"), u64("propagation"), u64("userns_fd"));

  private static final VarHandle SET = handle(LAYOUT, "attr_set");
  private static final VarHandle CLEAR = handle(LAYOUT, "attr_clr");
  private static final VarHandle PROPAGATION = handle(LAYOUT, "propagation");
  private static final VarHandle USER_NAMESPACE = handle(LAYOUT, "userns_fd");

  /** {@code MS_PRIVATE}: later mounts in it are nobody else's. */
  private static final long PRIVATE = 1 << 18;

  private MountAttributes() {}

  /** Sets and clears attributes of a mount that is nowhere yet. */
  static void change(OpenFd mount, int set, int clear) throws KernelException {
    setAttributes("mount_setattr", mount, set, clear, PRIVATE, 0);
  }

  /** Shows all owners as a user namespace maps them. */
  static void map(OpenFd mount, OpenFd userNamespace) throws KernelException {
    setAttributes("id-mapped mount", mount, ID_MAP, 0, 0, userNamespace.number());
  }

  private static void setAttributes(
      String what, OpenFd mount, long set, long clear, long propagation, long userNamespace)
      throws KernelException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(LAYOUT.byteSize(), 8);
      SET.set(attributes, 0L, set);
      CLEAR.set(attributes, 0L, clear);
      PROPAGATION.set(attributes, 0L, propagation);
      USER_NAMESPACE.set(attributes, 0L, userNamespace);
      SystemCalls.call(
          what,
          SystemCalls.MOUNT_SETATTR,
          mount.number(),
          arena.allocateFrom("").address(),
          SystemCalls.AT_EMPTY_PATH,
          attributes.address(),
          LAYOUT.byteSize());
    }
  }
}
