package io.daxconv.converter.load;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The label area at the end of a range that ramdax has: 128 KiB in which it keeps what the
 * namespaces are ({@code LABEL_AREA_SIZE} in drivers/nvdimm/ramdax.c). The driver leaves it out of
 * the mapping that namespaces are made of, while the region that sysfs shows has it. Nothing but a
 * place in front of it is an image's, whatever size a device claims to have.
 */
final class RamdaxLabels {
  static final long SIZE = 128 << 10;

  /** The name of the bus ({@code provider_name} in ramdax.c), the file provider of its device. */
  private static final String PROVIDER = "ramdax";

  private RamdaxLabels() {}

  /**
   * How much of a block device is in front of the area.
   *
   * @param about what sysfs has of the device ({@code /sys/class/block/pmemN})
   * @param capacity the device's bytes
   * @return the capacity, where the device ends before the area or is of another driver
   */
  static long inFront(Path about, long capacity) throws IOException {
    Path namespace;
    try {
      namespace = about.resolve("device").toRealPath();
    } catch (NoSuchFileException unknown) {
      return capacity;
    }
    // ndbusN/regionN/namespaceN.N, or pfnN.N and the like in its place.
    Path region = namespace.resolveSibling(".").normalize();
    if (!Host.text(region.resolveSibling("provider")).equals(PROVIDER)) {
      return capacity;
    }
    long begin = Host.number(namespace.resolve("resource"));
    long regionBegin = Host.number(region.resolve("resource"));
    long regionSize = Host.number(region.resolve("size"));
    if (begin < 0 || regionBegin < 0 || regionSize < 0) {
      return capacity;
    }
    return Math.clamp(regionBegin + regionSize - SIZE - begin, 0, capacity);
  }
}
