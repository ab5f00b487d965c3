package io.daxconv.converter.running;

import io.daxconv.converter.kernel.Host;
import io.daxconv.converter.kernel.MountIdentity;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A line of a plan's journal. Paths are absolute. */
sealed interface JournalEntry {

  /**
   * A plan is about to be carried out.
   *
   * @param root its directory
   * @param target from where the base is mounted, as {@code --target} takes it
   * @param seconds since 1970
   */
  record Begun(
      String name,
      Path image,
      Path root,
      String target,
      Host host,
      long seconds,
      List<Container> containers)
      implements JournalEntry {
    public Begun {
      containers = List.copyOf(containers);
    }
  }

  /**
   * A container of a plan.
   *
   * @param upper what it writes, or null if it is read-only
   */
  record Container(String name, Path merged, @Nullable Path upper) {}

  /** What a directory is for, which says what may be in it when it is removed. */
  enum Role {
    /** Mounts and other directories; removed once it is empty. */
    PLACE,
    /** What a container has written; removed while it is empty, or if that is asked for. */
    UPPER,
    /** Overlayfs's own; removed with all that is in it. */
    WORK
  }

  /**
   * A directory that is not there is about to be made.
   *
   * @param container of which it is, or null for the plan's
   */
  record Making(Path directory, Role role, @Nullable String container) implements JournalEntry {}

  /**
   * A mount that is nowhere yet is about to be attached.
   *
   * @param container of which it is, or null for the base
   */
  record Mounting(
      Path directory,
      MountIdentity identity,
      String type,
      String source,
      @Nullable String container)
      implements JournalEntry {}

  /** All of the plan is mounted. */
  record Ready() implements JournalEntry {}

  /** A mount is no more, or has never been attached. */
  record Unmounted(Path directory) implements JournalEntry {}

  /** A directory is no more, or has never been made. */
  record Removed(Path directory) implements JournalEntry {}

  /** All is undone but for what containers have written. */
  record Kept() implements JournalEntry {}
}
