package io.daxconv.converter.load;

/**
 * Bytes of physical memory.
 *
 * @param address the first
 * @param size how many
 */
public record PhysicalRange(long address, long size) {
  boolean overlaps(PhysicalRange other) {
    return address < other.address + other.size && other.address < address + size;
  }

  boolean holds(PhysicalRange other) {
    return address <= other.address && other.address + other.size <= address + size;
  }

  /** The address as mount options and the kernel's command line take it. */
  public String addressText() {
    return "0x" + Long.toHexString(address);
  }

  @Override
  public String toString() {
    return addressText() + ", " + size + " bytes";
  }
}
