package io.daxconv.converter.running;

import io.daxconv.converter.running.JournalEntry.Begun;
import io.daxconv.converter.running.JournalEntry.Making;
import io.daxconv.converter.running.JournalEntry.Mounting;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a journal comes to.
 *
 * @param begun the plan as it was carried out last
 * @param mounts attached or about to be, and not known to be gone; in order
 * @param directories made or about to be, and not known to be gone; in order
 * @param ready whether all was mounted at the end
 * @param kept whether all was undone at the end but for what containers have written
 */
record PlanState(
    Begun begun,
    SequencedMap<Path, Mounting> mounts,
    SequencedMap<Path, Making> directories,
    boolean ready,
    boolean kept) {

  /** Null if nothing was begun. */
  static @Nullable PlanState of(List<JournalEntry> entries) {
    Begun begun = null;
    SequencedMap<Path, Mounting> mounts = new LinkedHashMap<>();
    SequencedMap<Path, Making> directories = new LinkedHashMap<>();
    boolean ready = false;
    boolean kept = false;
    for (JournalEntry entry : entries) {
      switch (entry) {
        case Begun next -> {
          begun = next;
          // It began because none was left, after a boot for example.
          mounts.clear();
          ready = false;
          kept = false;
        }
        case Making making -> directories.putIfAbsent(making.directory(), making);
        case Mounting mounting -> mounts.putLast(mounting.directory(), mounting);
        case JournalEntry.Ready _ -> ready = true;
        case JournalEntry.Unmounted(Path directory) -> {
          mounts.remove(directory);
          ready = false;
        }
        case JournalEntry.Removed(Path directory) -> directories.remove(directory);
        case JournalEntry.Kept _ -> kept = true;
      }
    }
    return begun == null ? null : new PlanState(begun, mounts, directories, ready, kept);
  }
}
