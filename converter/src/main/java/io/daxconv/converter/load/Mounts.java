package io.daxconv.converter.load;

import io.daxconv.converter.kernel.MountTable;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What of the memory that is loaded is mounted, by filesystems' own options. */
record Mounts(MountTable table) {
  private static final Pattern PHYS = Pattern.compile("(?:^|,)phys=(0x[0-9a-f]{1,16})(?:,|$)");
  private static final Pattern SIZE = Pattern.compile("(?:^|,)size=([0-9]{1,19})(?:,|$)");

  static Mounts of(Host host) throws IOException {
    return new Mounts(MountTable.read(host.proc().resolve("self/mountinfo")));
  }

  /** The memory that a DAXFS mount shows (its {@code show_options}). */
  static Optional<PhysicalRange> range(MountTable.Entry mount) {
    Matcher phys = PHYS.matcher(mount.options());
    Matcher size = SIZE.matcher(mount.options());
    return mount.type().equals("daxfs") && phys.find() && size.find()
        ? Optional.of(new PhysicalRange(Long.decode(phys.group(1)), Long.parseLong(size.group(1))))
        : Optional.empty();
  }

  /** Refuses a block device that is mounted. */
  void refuseDevice(LoadTarget target, String device) throws LoadException {
    for (MountTable.Entry entry : table.entries()) {
      if (entry.device().equals(device)) {
        throw inUse(target, entry);
      }
    }
  }

  /** Refuses memory that DAXFS shows. */
  void refuseRange(LoadTarget target, PhysicalRange range) throws LoadException {
    for (MountTable.Entry entry : table.entries()) {
      if (range(entry).filter(range::overlaps).isPresent()) {
        throw inUse(target, entry);
      }
    }
  }

  private static LoadException inUse(LoadTarget target, MountTable.Entry entry) {
    return new LoadException(
        target,
        "expected memory that is not in use, found it mounted on "
            + entry.mountPoint()
            + " as "
            + entry.type());
  }

  /** What is mounted last on a directory. */
  Optional<MountTable.Entry> on(String directory) {
    return table.entries().reversed().stream()
        .filter(entry -> entry.mountPoint().equals(directory))
        .findFirst();
  }
}
