package io.daxconv.converter.load;

import io.daxconv.converter.text.Escapes;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where an image is put, as a user names it. Its {@code toString} is that text. */
public sealed interface LoadTarget {

  /**
   * A device-DAX instance: CXL memory, persistent memory, memory set apart. It can only be mapped.
   *
   * @param device such as {@code /dev/dax0.0}
   */
  record DeviceDax(Path device) implements LoadTarget {
    private static final Pattern NAME = Pattern.compile("dax[0-9]{1,9}\\.[0-9]{1,9}");

    public DeviceDax {
      require(
          NAME.matcher(nameOf(device)).matches(),
          "dax: expected a device such as /dev/dax0.0, found " + quote(device));
    }

    /** As sysfs calls it. */
    public String name() {
      return nameOf(device);
    }

    @Override
    public String toString() {
      return "dax:" + device;
    }
  }

  /**
   * A persistent-memory block device: NVDIMM, virtio-pmem, ramdax, {@code memmap=}.
   *
   * @param device such as {@code /dev/pmem0}
   */
  record Pmem(Path device) implements LoadTarget {
    private static final Pattern NAME = Pattern.compile("pmem[0-9]{1,9}(\\.[0-9]{1,9})?");

    public Pmem {
      require(
          NAME.matcher(nameOf(device)).matches(),
          "pmem: expected a device such as /dev/pmem0, found " + quote(device));
    }

    /** As sysfs calls it. */
    public String name() {
      return nameOf(device);
    }

    @Override
    public String toString() {
      return "pmem:" + device;
    }
  }

  /**
   * A dma-buf of a DMA heap. It lasts as long as something is mounted from it.
   *
   * @param heap such as {@code /dev/dma_heap/system}
   */
  record DmaHeap(Path heap) implements LoadTarget {
    public DmaHeap {
      require(
          heap.isAbsolute(),
          "dma-heap: expected a device such as /dev/dma_heap/system, found " + quote(heap));
    }

    @Override
    public String toString() {
      return "dma-heap:" + heap;
    }
  }

  /**
   * A range of physical memory that the kernel does not use itself, by way of {@code /dev/mem}.
   *
   * @param address in bytes, unsigned
   * @param size in bytes
   */
  record Physical(long address, long size) implements LoadTarget {
    public Physical {
      require(address != 0, "phys: expected an address other than 0, found 0");
      require(size > 0, "phys: expected a size of more than 0 bytes, found " + size);
      require(
          address > 0 && address + size > 0,
          "phys: expected a range that ends below 2^63, found " + new PhysicalRange(address, size));
    }

    PhysicalRange range() {
      return new PhysicalRange(address, size);
    }

    @Override
    public String toString() {
      return "phys:0x" + Long.toHexString(address) + "," + size;
    }
  }

  /**
   * Contiguous memory that the lazy_cma module of the multikernel project allocates.
   *
   * @param device such as {@code /dev/lazy_cma}
   * @param node the NUMA node, or -1 for any
   */
  record LazyCma(Path device, int node) implements LoadTarget {
    public LazyCma {
      require(
          device.isAbsolute(),
          "lazy-cma: expected a device such as /dev/lazy_cma, found " + quote(device));
    }

    @Override
    public String toString() {
      return "lazy-cma:" + device + (node < 0 ? "" : "," + node);
    }
  }

  /** A file of the image's name in a directory on a tmpfs. */
  record Tmpfs(Path directory) implements LoadTarget {
    @Override
    public String toString() {
      return "tmpfs:" + directory;
    }
  }

  /** A file. */
  record PlainFile(Path file) implements LoadTarget {
    @Override
    public String toString() {
      return "file:" + file;
    }
  }

  /**
   * Reads a target from {@code dax:}, {@code pmem:}, {@code dma-heap:}, {@code phys:}, {@code
   * lazy-cma:}, {@code tmpfs:} or {@code file:} and what follows.
   *
   * @throws IllegalArgumentException if it is none; the message is for users
   */
  static LoadTarget parse(String text) {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    return switch (rest.isEmpty() ? "" : kind) {
      case "dax" -> new DeviceDax(path(rest));
      case "pmem" -> new Pmem(path(rest));
      case "dma-heap" -> new DmaHeap(path(rest));
      case "phys" -> physical(rest);
      case "lazy-cma" -> lazyCma(rest);
      case "tmpfs" -> new Tmpfs(path(rest));
      case "file" -> new PlainFile(path(rest));
      default ->
          throw new IllegalArgumentException(
              "target: expected dax:, pmem:, dma-heap:, phys:, lazy-cma:, tmpfs: or file:"
                  + " and what follows, found "
                  + Escapes.quote(text));
    };
  }

  private static LoadTarget physical(String text) {
    int comma = text.indexOf(',');
    require(comma > 0, "phys: expected ADDRESS,SIZE, found " + Escapes.quote(text));
    return new Physical(
        ByteCount.parse("phys", text.substring(0, comma)),
        ByteCount.parse("phys", text.substring(comma + 1)));
  }

  private static LoadTarget lazyCma(String text) {
    Matcher matcher = Pattern.compile("(.*),([0-9]{1,4})").matcher(text);
    return matcher.matches()
        ? new LazyCma(path(matcher.group(1)), Integer.parseInt(matcher.group(2)))
        : new LazyCma(path(text), -1);
  }

  private static Path path(String text) {
    return Path.of(text).toAbsolutePath().normalize();
  }

  private static String nameOf(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }

  private static String quote(Path path) {
    return Escapes.quote(path.toString());
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
