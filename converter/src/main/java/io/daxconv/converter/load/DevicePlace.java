package io.daxconv.converter.load;

import java.io.IOException;

/** What places in memory have in common: a device is opened, and memory by it; both are closed. */
abstract class DevicePlace<T extends LoadTarget> implements Place {
  /** Opens the memory that a device gives access to. */
  @FunctionalInterface
  interface Access {
    TargetMemory of(Device device) throws IOException;
  }

  final T target;
  final Host host;
  private OpenMemory open = OpenMemory.NONE;

  DevicePlace(T target, Host host) {
    this.target = target;
    this.host = host;
  }

  @Override
  public final LoadTarget target() {
    return target;
  }

  @Override
  public String filesystem() {
    return DaxfsMount.TYPE;
  }

  /** Memory that is open until this is closed, and its device with it. */
  final TargetMemory opened(Device device, Access access) throws IOException {
    open = new OpenMemory(device, null);
    TargetMemory memory = access.of(device);
    open = new OpenMemory(device, memory);
    return memory;
  }

  /** Refuses an image whose size is not known where so much is allocated. */
  final void requireSize(long size) throws LoadException {
    if (size == UNKNOWN) {
      throw new LoadException(target, "expected a size to allocate, found none");
    }
  }

  /** Bytes in whole pages of memory. */
  final long wholePages(long size) {
    int page = host.kernel().pageSize();
    return (size + page - 1) & -page;
  }

  @Override
  public void close() throws IOException {
    OpenMemory closed = open;
    open = OpenMemory.NONE;
    closed.close();
  }
}
