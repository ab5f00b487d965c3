package io.daxconv.converter.load;

import io.daxconv.converter.linux.NewMount;
import io.daxconv.converter.linux.SystemCallException;
import java.io.IOException;
import java.nio.file.Path;

/** A range of {@code /dev/mem} (mem(4)), where a position is a physical address. */
final class PhysicalPlace extends DevicePlace<LoadTarget.Physical> {
  static final Path MEMORY = Path.of("/dev/mem");

  PhysicalPlace(LoadTarget.Physical target, Host host) {
    super(target, host);
  }

  @Override
  public void check(long size) throws IOException {
    Place.requireRoom(target, size, capacity());
    int page = host.kernel().pageSize();
    if (target.address() % page != 0 || target.size() % page != 0) {
      throw new LoadException(
          target,
          "expected an address and a size that are multiples of a page, " + page + " bytes");
    }
    PhysicalMemoryMap.of(host).require(target, range());
    Mounts.of(host).refuseRange(target, range());
    Device.open(target, host.kernel(), MEMORY, 0).close();
  }

  @Override
  public long capacity() {
    return target.size();
  }

  @Override
  public PhysicalRange range() {
    return target.range();
  }

  @Override
  public TargetMemory open(long size) throws IOException {
    Place.requireRoom(target, size, capacity());
    long capacity = size == UNKNOWN ? capacity() : size;
    return opened(
        Device.open(target, host.kernel(), MEMORY, 0),
        memory -> map(target, host, memory, range().address(), capacity));
  }

  /** Maps whole pages of physical memory. */
  static TargetMemory map(LoadTarget target, Host host, Device opened, long address, long capacity)
      throws IOException {
    int page = host.kernel().pageSize();
    try {
      return new MappedMemory(
          host.kernel(), opened.fd(), address, (capacity + page - 1) & -page, capacity);
    } catch (SystemCallException e) {
      throw new LoadException(
          target,
          "expected to map "
              + new PhysicalRange(address, capacity)
              + " of "
              + MEMORY
              + ", found "
              + e.meaning()
              + "; kernels with CONFIG_STRICT_DEVMEM refuse their own memory, and locked-down ones"
              + " any",
          e);
    }
  }

  @Override
  public NewMount mount(long size) {
    return DaxfsMount.physical(new PhysicalRange(target.address(), size));
  }
}
