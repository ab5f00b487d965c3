package io.daxconv.converter.mount;

import io.daxconv.converter.text.Escapes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the image lies from which the base is mounted: in memory for DAXFS, or as EROFS. */
public sealed interface BaseTarget {

  /** The DMA heap that every kernel with DMA heaps has ({@code /dev/dma_heap/system}). */
  String SYSTEM_HEAP = "system";

  /**
   * A range of physical memory in which the image stands already: kerf, a boot loader or {@code
   * memmap=} put it there.
   *
   * @param address in bytes, unsigned, not 0
   * @param size in bytes, at least the image's
   */
  record Physical(long address, long size) implements BaseTarget {
    public Physical {
      require(address != 0, "physical address: expected other than 0, found 0");
      require(size > 0, "size: expected more than 0 bytes, found " + size);
      require(
          Long.compareUnsigned(address + (size - 1), address) >= 0,
          "range: expected its end below 2^64, found " + text(address) + " and " + size + " bytes");
    }

    /** The address as {@code phys=} takes it: {@code 0x} and hexadecimal digits. */
    String addressText() {
      return text(address);
    }

    private static String text(long address) {
      return "0x" + Long.toHexString(address);
    }

    @Override
    public String toString() {
      return "phys:" + addressText() + ":" + size;
    }
  }

  /**
   * A device-DAX instance. The image is copied into it before the mount.
   *
   * @param name as in {@code /dev}, such as {@code dax0.0}
   */
  record DeviceDax(String name) implements BaseTarget {
    private static final Pattern NAME = Pattern.compile("dax[0-9]{1,9}\\.[0-9]{1,9}");

    public DeviceDax {
      require(
          NAME.matcher(name).matches(),
          "device-DAX: expected a name such as dax0.0, found " + Escapes.quote(name));
    }

    @Override
    public String toString() {
      return "device-dax:" + name;
    }
  }

  /**
   * A dma-buf, allocated from a DMA heap and filled with the image before the mount.
   *
   * @param heap as in {@code /dev/dma_heap}, such as {@link #SYSTEM_HEAP}
   */
  record DmaBuf(String heap) implements BaseTarget {
    private static final Pattern HEAP = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_,.@-]{0,99}");

    public DmaBuf {
      require(
          HEAP.matcher(heap).matches(),
          "DMA heap: expected a name such as system, found " + Escapes.quote(heap));
    }

    @Override
    public String toString() {
      return "dma-buf:" + heap;
    }
  }

  /**
   * The image's file as EROFS: as it is on Linux 6.12 and later, through a loop device before that.
   */
  record ImageFile() implements BaseTarget {
    @Override
    public String toString() {
      return "file";
    }
  }

  /**
   * A persistent-memory device on which the image stands already, from its first byte on, as EROFS
   * with DAX: what is mapped is the device's memory itself.
   *
   * @param device such as {@code /dev/pmem0}, or a partition of it
   */
  record Pmem(String device) implements BaseTarget {
    private static final Pattern DEVICE =
        Pattern.compile("/dev/pmem[0-9]{1,9}(\\.[0-9]{1,9})?(p[0-9]{1,3})?");

    public Pmem {
      require(
          DEVICE.matcher(device).matches(),
          "pmem device: expected one such as /dev/pmem0, found " + Escapes.quote(device));
    }

    @Override
    public String toString() {
      return "pmem:" + device;
    }
  }

  /** The view of the image that is mounted from here. */
  default ImageView view() {
    return switch (this) {
      case Physical _, DeviceDax _, DmaBuf _ -> ImageView.DAXFS;
      case ImageFile _, Pmem _ -> ImageView.EROFS;
    };
  }

  /**
   * Reads {@code phys:ADDRESS:SIZE} (decimal, or hexadecimal after {@code 0x}), {@code
   * device-dax:NAME}, {@code dma-buf[:HEAP]}, {@code file}, or {@code pmem:/dev/NAME}.
   *
   * @throws MountPlanException if it is anything else
   */
  static BaseTarget parse(String text) throws MountPlanException {
    Matcher range = RangeText.PATTERN.matcher(text);
    try {
      if (range.matches()) {
        return new Physical(RangeText.number(range.group(1)), RangeText.number(range.group(2)));
      }
      if (text.startsWith("device-dax:")) {
        return new DeviceDax(text.substring("device-dax:".length()));
      }
      if (text.equals("dma-buf")) {
        return new DmaBuf(SYSTEM_HEAP);
      }
      if (text.startsWith("dma-buf:")) {
        return new DmaBuf(text.substring("dma-buf:".length()));
      }
      if (text.equals("file")) {
        return new ImageFile();
      }
      if (text.startsWith("pmem:")) {
        return new Pmem(text.substring("pmem:".length()));
      }
    } catch (IllegalArgumentException e) {
      throw new MountPlanException("base target: " + e.getMessage());
    }
    throw new MountPlanException(
        "base target: expected phys:ADDRESS:SIZE, device-dax:NAME, dma-buf[:HEAP], file or"
            + " pmem:/dev/pmemN, found "
            + Escapes.quote(text));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
