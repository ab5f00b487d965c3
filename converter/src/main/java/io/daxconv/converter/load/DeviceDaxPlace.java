package io.daxconv.converter.load;

import io.daxconv.converter.linux.NewMount;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Device DAX (Documentation/ABI/testing/sysfs-bus-dax): address, size and alignment are attributes,
 * and mappings begin and end at the alignment.
 */
final class DeviceDaxPlace extends DevicePlace<LoadTarget.DeviceDax> {
  private static final String DRIVER = "device_dax";

  private final Path devices;

  DeviceDaxPlace(LoadTarget.DeviceDax target, Host host) {
    super(target, host);
    this.devices = host.sys().resolve("bus/dax/devices");
  }

  @Override
  public void check(long size) throws IOException {
    requireRoom(size);
    Path driver = attribute("driver");
    String found =
        Files.isSymbolicLink(driver)
            ? Files.readSymbolicLink(driver).getFileName().toString()
            : "none";
    if (!found.equals(DRIVER)) {
      throw new LoadException(
          target,
          "expected the driver "
              + DRIVER
              + ", found "
              + found
              + "; daxctl reconfigure-device -m devdax "
              + target.name()
              + " changes it");
    }
    Mounts.of(host).refuseRange(target, range());
    Device.open(target, host.kernel(), target.device(), 0).close();
  }

  private void requireRoom(long size) throws IOException {
    Place.requireRoom(target, size, capacity());
  }

  @Override
  public long capacity() throws IOException {
    return range().size();
  }

  @Override
  public PhysicalRange range() throws IOException {
    long size = Host.number(attribute("size"));
    long address = Host.number(attribute("resource"));
    if (size < 0) {
      throw new LoadException(
          target,
          "expected a device-DAX instance, found none of that name in "
              + devices
              + ": there "
              + others());
    }
    return new PhysicalRange(Math.max(address, 0), size);
  }

  private String others() throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(devices)) {
      entries.forEach(entry -> names.add(entry.getFileName().toString()));
    } catch (NoSuchFileException noDax) {
      return "is no device DAX in this kernel, or its modules are not loaded";
    }
    Collections.sort(names);
    return names.isEmpty() ? "is no instance" : "is " + String.join(", ", names);
  }

  @Override
  public TargetMemory open(long size) throws IOException {
    long align = Math.max(Host.number(attribute("align")), host.kernel().pageSize());
    long all = capacity() & -align;
    long capacity = size == UNKNOWN ? all : size;
    // The device may end before a whole multiple.
    long length = Math.min((capacity + align - 1) & -align, all);
    Place.requireRoom(target, capacity, length);
    return opened(
        Device.open(target, host.kernel(), target.device(), 0),
        device -> new MappedMemory(host.kernel(), device.fd(), 0, length, capacity));
  }

  private Path attribute(String name) {
    return devices.resolve(target.name()).resolve(name);
  }

  @Override
  public NewMount mount(long size) throws IOException {
    return DaxfsMount.physical(new PhysicalRange(range().address(), size));
  }
}
