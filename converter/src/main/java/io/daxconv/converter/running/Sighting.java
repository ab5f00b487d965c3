package io.daxconv.converter.running;

import io.daxconv.converter.kernel.Host;
import io.daxconv.converter.kernel.KernelException;
import io.daxconv.converter.kernel.MountIdentity;
import io.daxconv.converter.kernel.MountTable;
import io.daxconv.converter.running.JournalEntry.Mounting;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What has become of a mount that was attached, or was about to be. */
sealed interface Sighting {

  /** It is where it was attached, uppermost. */
  record Mounted() implements Sighting {}

  /** It is where it was attached, with others upon it. */
  record Covered(String by) implements Sighting {}

  /** It was moved. */
  record Moved(String to) implements Sighting {}

  /** It is no more, or never was. */
  record Gone() implements Sighting {}

  /** It may be in a mount namespace that this process is not in. */
  record Elsewhere(String mountNamespace) implements Sighting {}

  /** Looks for mounts of a plan. */
  final class Observer {
    private final boolean rebooted;
    private final boolean elsewhere;
    private final boolean nowhere;
    private final String mountNamespace;
    private final MountTable table;

    /** Looks from here, now. */
    static Observer of(Host then) throws IOException {
      return new Observer(then, Host.current(), MountTable.read());
    }

    private Observer(Host then, Host now, MountTable table) throws IOException {
      this.table = table;
      mountNamespace = then.mountNamespace();
      rebooted = !then.boot().equals(now.boot());
      boolean sameNamespace = mountNamespace.equals(now.mountNamespace());
      elsewhere = !rebooted && !sameNamespace && Host.isThere(mountNamespace, table);
      nowhere = rebooted || !sameNamespace;
    }

    /** Whether the machine was booted since. */
    boolean rebooted() {
      return rebooted;
    }

    MountTable table() {
      return table;
    }

    Sighting look(Mounting mounting) {
      if (elsewhere) {
        return new Elsewhere(mountNamespace);
      }
      if (nowhere) {
        return new Gone();
      }
      MountIdentity identity = mounting.identity();
      if (isAt(mounting.directory(), identity)) {
        return new Mounted();
      }
      Optional<MountTable.Entry> entry =
          table.numbered(identity.number()).filter(found -> isLike(found, mounting));
      if (entry.isEmpty()) {
        return new Gone();
      }
      String place = entry.get().mountPoint();
      if (place.equals(real(mounting.directory()).toString())) {
        return new Covered(uppermost(place));
      }
      // A number is given again; whether it is the same mount, its own place tells.
      return isAt(Path.of(place), identity) ? new Moved(place) : new Gone();
    }

    private static boolean isLike(MountTable.Entry entry, Mounting mounting) {
      MountIdentity identity = mounting.identity();
      return entry.device().equals(identity.major() + ":" + identity.minor())
          && entry.type().equals(mounting.type());
    }

    private String uppermost(String place) {
      return table.entries().reversed().stream()
          .filter(entry -> entry.mountPoint().equals(place))
          .findFirst()
          .map(Observer::shown)
          .orElse("another");
    }

    /** A mount as people know it. */
    static String shown(MountTable.Entry entry) {
      return entry.type() + " of " + Escapes.quote(entry.source());
    }

    private static boolean isAt(Path directory, MountIdentity identity) {
      try {
        MountIdentity found = MountIdentity.at(directory);
        boolean bothUnique = identity.unique() != 0 && found.unique() != 0;
        return bothUnique ? identity.unique() == found.unique() : identity.equals(found);
      } catch (KernelException e) {
        return false;
      }
    }

    private static Path real(Path directory) {
      try {
        return directory.toRealPath();
      } catch (IOException e) {
        return directory;
      }
    }
  }
}
