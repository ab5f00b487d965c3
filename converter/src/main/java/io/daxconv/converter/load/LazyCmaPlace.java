package io.daxconv.converter.load;

import static io.daxconv.converter.format.Fields.bytes;
import static io.daxconv.converter.format.Fields.handle;
import static io.daxconv.converter.format.Fields.offsetOf;
import static io.daxconv.converter.format.Fields.struct;
import static io.daxconv.converter.format.Fields.u32;
import static io.daxconv.converter.format.Fields.u64;
import static io.daxconv.converter.format.Fields.zeros;

import io.daxconv.converter.linux.NewMount;
import io.daxconv.converter.linux.SystemCallException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Memory of lazy_cma, which kerf (multikernel/kerf, {@code lazy_cma.py}) takes its pool from. One
 * request allocates it under a name that {@code /proc/iomem} shows then; there is none to give it
 * back. It is filled through {@code /dev/mem}.
 */
final class LazyCmaPlace extends DevicePlace<LoadTarget.LazyCma> {
  /** {@code _IOWR('H', 0, 88)}. */
  static final long ALLOCATE = 0xC0584800L;

  private static final String NAME = "daxconv";
  private static final int NAME_SIZE = 64;

  static final StructLayout LAYOUT =
      struct(
          "lazy_cma_allocation_data",
          88,
          u64("len"),
          u64("phys_addr"),
          u32("node"),
          zeros(4),
          bytes("name", NAME_SIZE));

  private static final VarHandle LENGTH = handle(LAYOUT, "len");
  private static final VarHandle ADDRESS = handle(LAYOUT, "phys_addr");
  private static final VarHandle NODE = handle(LAYOUT, "node");

  private @Nullable PhysicalRange range;

  LazyCmaPlace(LoadTarget.LazyCma target, Host host) {
    super(target, host);
  }

  @Override
  public void check(long size) throws IOException {
    requireSize(size);
    Device.open(target, host.kernel(), target.device(), 0).close();
    Device.open(target, host.kernel(), PhysicalPlace.MEMORY, 0).close();
  }

  @Override
  public long capacity() {
    return range == null ? Long.MAX_VALUE : range.size();
  }

  @Override
  public @Nullable PhysicalRange range() {
    return range;
  }

  @Override
  public TargetMemory open(long size) throws IOException {
    PhysicalRange allocated = allocate(wholePages(size));
    range = allocated;
    return opened(
        Device.open(target, host.kernel(), PhysicalPlace.MEMORY, 0),
        memory -> PhysicalPlace.map(target, host, memory, allocated.address(), size));
  }

  private PhysicalRange allocate(long length) throws IOException {
    try (Device lazyCma = Device.open(target, host.kernel(), target.device(), 0);
        Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(LAYOUT.byteSize(), 8);
      LENGTH.set(request, 0L, length);
      NODE.set(request, 0L, target.node());
      request.setString(offsetOf(LAYOUT, "name"), NAME);
      host.kernel().ioctl(lazyCma.fd(), ALLOCATE, request);
      long address = (long) ADDRESS.get(request, 0L);
      if (address == 0) {
        throw new LoadException(target, "expected an address of the memory, found 0");
      }
      return new PhysicalRange(address, length);
    } catch (SystemCallException e) {
      throw new LoadException(
          target, "expected %d contiguous bytes, found %s".formatted(length, e.meaning()), e);
    }
  }

  @Override
  public NewMount mount(long size) {
    if (range == null) {
      throw new IllegalStateException("not allocated");
    }
    return DaxfsMount.physical(new PhysicalRange(range.address(), size));
  }
}
