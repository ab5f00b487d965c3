package io.daxconv.cli.it.differential;

import static io.daxconv.cli.it.differential.RandomStack.bytes;

import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.text.Escapes;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Entries made at random, in the forms that tar programs give them. */
final class RandomEntry {
  private static final List<Integer> MODES =
      List.of(0644, 0755, 0600, 0, 07777, 04755, 02755, 01777, 0400);
  private static final List<Long> OWNERS =
      List.of(0L, 0L, 1L, 1000L, 65534L, 65536L, 2097151L, 2097152L, 4294967294L);
  private static final List<String> TIMES =
      List.of(
          "0",
          "1",
          "1700000000",
          "1700000000.123456789",
          "1.5",
          "-1",
          "-1.25",
          "-86400.999999999",
          "4294967296",
          "1700000000.9999999999",
          "8589934592.000000001",
          "1700000001.");
  private static final List<String> ATTRIBUTES =
      List.of("user.a", "user.b", "trusted.t", "user.\u00e9 ", "user.long.name.of.one");

  private final SplittableRandom random;
  private final RandomNames names;
  private int serial;

  RandomEntry(SplittableRandom random, RandomNames names) {
    this.random = random;
    this.names = names;
  }

  Step file(String path) {
    return file(path, random.nextInt(30) == 0 ? '\0' : '0');
  }

  private Step file(String path, char type) {
    byte[] data = bytes("content " + random.nextInt(++serial));
    int size =
        switch (random.nextInt(20)) {
          case 0 -> 0;
          case 1 -> 4096;
          case 2 -> 4097;
          case 3 -> 512;
          default -> data.length;
        };
    return described(type, path, "", Arrays.copyOf(data, size)).showing(" " + size + " bytes");
  }

  /** GNU's sparse form 1.0 in PAX, or the old one: some bytes, a hole, some bytes. */
  Step sparse(String path) {
    if (random.nextInt(4) > 0) {
      byte[] map = Arrays.copyOf(bytes("2\n0\n512\n8192\n512\n"), 512 * 3);
      Arrays.fill(map, 512, map.length, (byte) 's');
      TarEntry entry =
          RandomStack.entry('0', "GNUSparseFile.1/x")
              .data(map)
              .pax("GNU.sparse.major", "1")
              .pax("GNU.sparse.minor", "0")
              .pax("GNU.sparse.name", bytes(path))
              .pax("GNU.sparse.realsize", "8704");
      return step(entry, '0', path, "", "0 " + Escapes.escape(bytes(path)) + " sparse-1.0");
    }
    byte[] data = new byte[512];
    Arrays.fill(data, (byte) 's');
    String name = path.length() < 100 ? path : "s";
    TarEntry entry =
        RandomStack.entry('S', name)
            .format(TarEntry.Format.GNU)
            .data(data)
            .patch(386, "00000010000\00000000001000\0")
            .patch(483, "00000012000\0");
    return step(entry, 'S', name, "", "S " + Escapes.escape(bytes(name)));
  }

  Step directory(String path) {
    return described('5', path + (random.nextInt(3) > 0 ? "/" : ""), "", new byte[0]);
  }

  Step symlink(String path) {
    return described('2', path, names.target(), new byte[0]);
  }

  Step hardLink(String path, String target) {
    return described('1', path, names.spelled(target), new byte[0]);
  }

  Step special(String path) {
    char type = "3346".charAt(random.nextInt(4));
    Step step = described(type, path, "", new byte[0]);
    int major = random.nextInt(3) == 0 ? 0 : random.nextInt(300);
    int minor = major == 0 ? random.nextInt(2) : random.nextInt(70000);
    String number = type == '6' ? "" : " " + major + ":" + minor;
    step.entry().device(major, minor);
    return step.showing(number);
  }

  Step whiteout(String path) {
    int slash = path.lastIndexOf('/') + 1;
    String name = path.substring(0, slash) + ".wh." + path.substring(slash);
    return described('0', name, "", new byte[0]);
  }

  Step opaque(String path) {
    String directory = random.nextInt(20) == 0 ? "" : path + "/";
    return described('0', directory + ".wh..wh..opq", "", new byte[0]);
  }

  Step root() {
    String name = List.of("./", ".", "/", "a/..", "/./").get(random.nextInt(5));
    return described('5', name, "", new byte[0]);
  }

  /** What some flatteners, or all, refuse or understand in their own way. */
  Step odd(String path) {
    return switch (random.nextInt(11)) {
      case 0 -> described('0', "../" + path, "", new byte[0]);
      case 1 -> described('1', path, "../../" + path, new byte[0]);
      case 2 -> described('0', path + "/.wh.", "", new byte[0]);
      case 3 -> described('0', path + "/.wh...", "", new byte[0]);
      case 4 -> described('0', path + "/.wh..wh.plnk/1.2", "", new byte[0]);
      case 5 -> described('0', ".wh..wh.aufs", "", new byte[0]);
      case 6 -> described('0', path + "/.wh..wh.a", "", new byte[0]);
      case 7 -> file(path, '7');
      case 8 -> described('Z', path, "", new byte[0]);
      case 9 -> described('0', path + "/.wh.a/b", "", new byte[0]);
      default -> described('0', path + "/" + "x".repeat(256), "", new byte[0]);
    };
  }

  private Step described(char type, String path, String link, byte[] data) {
    String name = names.spelled(path);
    boolean longName = name.length() > 100 || link.length() > 100;
    boolean pax = longName ? random.nextBoolean() : random.nextInt(10) == 0;
    TarEntry entry = RandomStack.entry(type, longName && pax ? "pax-name" : name).data(data);
    entry.link(bytes(longName && pax ? "pax-link" : link));
    if (pax) {
      entry.pax("path", bytes(name));
      if (!link.isEmpty()) {
        entry.pax("linkpath", bytes(link));
      }
    } else if (longName || random.nextInt(20) == 0) {
      entry.gnuLongNames();
    } else if (random.nextInt(30) == 0 && "05".indexOf(type) >= 0) {
      entry.format(TarEntry.Format.V7);
    }
    int mode = pick(MODES);
    long uid = pick(OWNERS);
    long gid = pick(OWNERS);
    String time = pick(TIMES);
    entry.mode(mode).owner(uid, gid);
    if (time.matches("-?[0-9]+") && random.nextBoolean()) {
      entry.mtime(Long.parseLong(time));
    } else {
      entry.pax("mtime", time);
    }
    String attributes = attributes(entry, type);
    String shown =
        "%s %s%s %04o %d:%d %s%s"
            .formatted(
                type == 0 ? "0" : String.valueOf(type),
                Escapes.escape(bytes(name)),
                link.isEmpty() ? "" : " -> " + Escapes.escape(bytes(link)),
                mode,
                uid,
                gid,
                time,
                attributes);
    return step(entry, type, name, type == '1' ? Step.plain(link) : link, shown);
  }

  private static Step step(TarEntry entry, char type, String path, String link, String shown) {
    return new Step(entry, type, Step.plain(path), link, shown);
  }

  private String attributes(TarEntry entry, char type) {
    StringBuilder shown = new StringBuilder();
    while ("05".indexOf(type) >= 0 && random.nextInt(12) == 0) {
      byte[] value = new byte[1 + random.nextInt(20)];
      random.nextBytes(value);
      String name = pick(ATTRIBUTES);
      switch (random.nextInt(25)) {
        case 0 -> name = "trusted.overlay.opaque";
        case 1 -> name = "user.overlay.x";
        case 2 -> value = new byte[0];
        case 3 -> {
          entry.pax("LIBARCHIVE.xattr.user.libarchive", "aGVsbG8");
          shown.append(" user.libarchive");
        }
        case 4, 5 -> {
          if (type == '0') {
            name = "security.capability";
            // VFS_CAP_REVISION_2 with CAP_NET_RAW, effective (linux/capability.h).
            value = new byte[] {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
          }
        }
        default -> {}
      }
      if (shown.indexOf(" " + name + ":") < 0) {
        entry.pax("SCHILY.xattr." + name, value);
        shown.append(' ').append(name).append(':').append(value.length);
      }
    }
    return shown.toString();
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
