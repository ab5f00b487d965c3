package io.daxconv.converter.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is mounted ({@code /proc/self/mountinfo}, proc(5)), with the filesystems' own options. */
record Mounts(List<Entry> entries) {
  private static final Pattern PHYS = Pattern.compile("(?:^|,)phys=(0x[0-9a-f]{1,16})(?:,|$)");
  private static final Pattern SIZE = Pattern.compile("(?:^|,)size=([0-9]{1,19})(?:,|$)");
  private static final Pattern OCTAL = Pattern.compile("\\\\([0-3][0-7]{2})");

  /**
   * A mount.
   *
   * @param device major and minor number, such as {@code 259:0}
   * @param directory where it is
   * @param type the filesystem's
   * @param source as the filesystem tells it
   * @param options of the filesystem
   */
  record Entry(String device, String directory, String type, String source, String options) {
    /** The memory that a DAXFS mount shows (its {@code show_options}). */
    Optional<PhysicalRange> range() {
      Matcher phys = PHYS.matcher(options);
      Matcher size = SIZE.matcher(options);
      return type.equals("daxfs") && phys.find() && size.find()
          ? Optional.of(
              new PhysicalRange(Long.decode(phys.group(1)), Long.parseLong(size.group(1))))
          : Optional.empty();
    }
  }

  Mounts {
    entries = List.copyOf(entries);
  }

  static Mounts of(Host host) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (String line : Host.text(host.proc().resolve("self/mountinfo")).lines().toList()) {
      String[] fields = line.split(" ", -1);
      int separator = List.of(fields).indexOf("-");
      if (separator >= 6 && fields.length > separator + 3) {
        entries.add(
            new Entry(
                fields[2],
                unescape(fields[4]),
                fields[separator + 1],
                unescape(fields[separator + 2]),
                fields[separator + 3]));
      }
    }
    return new Mounts(entries);
  }

  private static String unescape(String field) {
    String bytes =
        OCTAL
            .matcher(field)
            .replaceAll(
                match ->
                    Matcher.quoteReplacement(
                        Character.toString(Integer.parseInt(match.group(1), 8))));
    return new String(
        bytes.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
        java.nio.charset.StandardCharsets.UTF_8);
  }

  /** Refuses a block device that is mounted. */
  void refuseDevice(LoadTarget target, String device) throws LoadException {
    for (Entry entry : entries) {
      if (entry.device.equals(device)) {
        throw inUse(target, entry);
      }
    }
  }

  /** Refuses memory that DAXFS shows. */
  void refuseRange(LoadTarget target, PhysicalRange range) throws LoadException {
    for (Entry entry : entries) {
      if (entry.range().filter(range::overlaps).isPresent()) {
        throw inUse(target, entry);
      }
    }
  }

  private static LoadException inUse(LoadTarget target, Entry entry) {
    return new LoadException(
        target,
        "expected memory that is not in use, found it mounted on "
            + entry.directory
            + " as "
            + entry.type);
  }

  /** What is mounted last on a directory. */
  Optional<Entry> on(String directory) {
    return entries.reversed().stream().filter(e -> e.directory.equals(directory)).findFirst();
  }
}
