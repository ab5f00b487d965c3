package io.daxconv.converter.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The machine's memory map ({@code /proc/iomem}): who has which physical addresses. */
record PhysicalMemoryMap(List<Resource> resources) {
  private static final Pattern LINE =
      Pattern.compile("( *)([0-9a-f]{1,16})-([0-9a-f]{1,16}) : (.*)");

  /**
   * What the kernel leaves to others: {@code memmap=SIZE$ADDRESS} makes it Reserved, {@code
   * memmap=SIZE!ADDRESS} persistent (admin-guide/kernel-parameters), EFI's specific-purpose memory
   * is soft reserved (efi.rst).
   */
  private static final Set<String> FREE =
      Set.of("Reserved", "Soft Reserved", "Persistent Memory", "Persistent Memory (legacy)");

  /**
   * @param depth 0 for a range of the machine, more for who uses a part of it
   */
  record Resource(int depth, PhysicalRange range, String name) {}

  PhysicalMemoryMap {
    resources = List.copyOf(resources);
  }

  static PhysicalMemoryMap of(Host host) throws IOException {
    List<Resource> resources = new ArrayList<>();
    for (String line : Host.text(host.proc().resolve("iomem")).lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        long start = Long.parseUnsignedLong(matcher.group(2), 16);
        long last = Long.parseUnsignedLong(matcher.group(3), 16);
        resources.add(
            new Resource(
                matcher.group(1).length() / 2,
                new PhysicalRange(start, last - start + 1),
                matcher.group(4)));
      }
    }
    return new PhysicalMemoryMap(resources);
  }

  /**
   * Refuses a range that is not all in one that the kernel leaves alone, or that somebody has taken
   * a part of.
   */
  void require(LoadTarget target, PhysicalRange wanted) throws LoadException {
    if (resources.stream().allMatch(resource -> resource.range.address() == 0)) {
      throw new LoadException(
          target, "expected addresses in /proc/iomem, found none: it takes root");
    }
    String found = "no memory";
    boolean inside = false;
    for (Resource resource : resources) {
      if (resource.range.overlaps(wanted)) {
        found = resource.name + " at " + resource.range;
        inside =
            resource.depth == 0 && FREE.contains(resource.name) && resource.range.holds(wanted);
        if (!inside) {
          break;
        }
      }
    }
    if (!inside) {
      throw new LoadException(
          target,
          "expected memory that the kernel leaves alone, found "
              + found
              + " (/proc/iomem); memmap=SIZE$ADDRESS on the kernel's command line reserves some");
    }
  }
}
