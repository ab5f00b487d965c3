package io.daxconv.converter.running;

import io.daxconv.converter.kernel.Host;
import io.daxconv.converter.kernel.KernelException;
import io.daxconv.converter.kernel.Mounts;
import io.daxconv.converter.running.JournalEntry.Making;
import io.daxconv.converter.running.JournalEntry.Mounting;
import io.daxconv.converter.running.JournalEntry.Role;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Undoes what a run of a mount plan has done, all of it or the part that it came to. */
public final class Down {
  private final PlanState state;
  private final boolean purge;
  private final Telling journal;
  private final List<Path> kept = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /** Containers of which something cannot be unmounted; what it needs stays. */
  private final Set<String> held = new HashSet<>();

  /**
   * What is left.
   *
   * @param kept what containers have written
   * @param problems what cannot be undone, and why; printable
   */
  public record Result(List<Path> kept, List<String> problems) {
    public Result {
      kept = List.copyOf(kept);
      problems = List.copyOf(problems);
    }
  }

  private Down(PlanState state, boolean purge, Telling journal) {
    this.state = state;
    this.purge = purge;
    this.journal = journal;
  }

  /**
   * Undoes a plan. What cannot be undone stays in the journal, to be tried again.
   *
   * @param plan one of those in the state directory
   * @param purge whether what containers have written is deleted
   */
  public static Result run(String plan, boolean purge, StateDirectory states) throws IOException {
    Journal journal = states.journal(plan);
    return run(plan, purge, states, journal::append);
  }

  static Result run(String plan, boolean purge, StateDirectory states, Telling telling)
      throws IOException {
    Host.requireMounting();
    try (StateDirectory.Lock _ = states.lock()) {
      return run(states.journal(plan), plan, purge, telling);
    }
  }

  static Result run(Journal journal, String plan, boolean purge, Telling telling)
      throws IOException {
    PlanState state = PlanState.of(journal.read());
    if (state == null) {
      journal.delete();
      return new Result(List.of(), List.of());
    }
    if (!state.begun().name().equals(plan)) {
      throw new StateException(
          journal.file()
              + ": expected the journal of "
              + plan
              + ", found that of "
              + Escapes.quote(state.begun().name()));
    }
    Down down = new Down(state, purge, telling);
    down.undo();
    if (down.problems.isEmpty()) {
      if (down.kept.isEmpty()) {
        journal.delete();
      } else if (!state.kept()) {
        telling.tell(new JournalEntry.Kept());
      }
    }
    return new Result(down.kept, down.problems);
  }

  private void undo() throws IOException {
    Sighting.Observer observer = Sighting.Observer.of(state.begun().host());
    for (Mounting mounting : List.copyOf(state.mounts().reversed().values())) {
      if (!isHeld(mounting.container())) {
        unmount(mounting, observer);
      }
    }
    for (Making making : List.copyOf(state.directories().reversed().values())) {
      if (!isHeld(making.container())) {
        remove(making);
      }
    }
  }

  /** The plan's own are held by any container. */
  private boolean isHeld(@Nullable String container) {
    return container == null ? !held.isEmpty() : held.contains(container);
  }

  private void unmount(Mounting mounting, Sighting.Observer observer) throws IOException {
    Path directory = mounting.directory();
    switch (observer.look(mounting)) {
      case Sighting.Mounted _ -> {
        try {
          Mounts.unmount(directory);
          journal.tell(new JournalEntry.Unmounted(directory));
        } catch (KernelException e) {
          hold(mounting.container(), e.getMessage() + InUse.of(directory, observer.table()));
        }
      }
      case Sighting.Gone _ -> journal.tell(new JournalEntry.Unmounted(directory));
      case Sighting.Covered(String by) ->
          hold(
              mounting.container(),
              shown(directory)
                  + ": expected daxconv's own mount uppermost, found another on it: "
                  + by
                  + "; unmount that first");
      case Sighting.Moved(String to) ->
          hold(
              mounting.container(),
              shown(directory)
                  + ": expected daxconv's own mount, found that it was moved to "
                  + Escapes.quote(to));
      case Sighting.Elsewhere(String namespace) ->
          hold(
              mounting.container(),
              shown(directory)
                  + ": expected the mount namespace "
                  + namespace
                  + ", in which it was mounted, found another; run daxconv there, as with nsenter"
                  + " --mount");
    }
  }

  private void hold(@Nullable String container, String problem) {
    held.add(container == null ? "" : container);
    problems.add(problem);
  }

  private void remove(Making making) throws IOException {
    Path directory = making.directory();
    try {
      if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
        if (making.role() == Role.WORK || (making.role() == Role.UPPER && purge)) {
          TreeRemoval.empty(directory);
        }
        Files.delete(directory);
      }
      journal.tell(new JournalEntry.Removed(directory));
    } catch (NoSuchFileException gone) {
      journal.tell(new JournalEntry.Removed(directory));
    } catch (DirectoryNotEmptyException e) {
      if (making.role() == Role.UPPER) {
        kept.add(directory);
      }
    } catch (StateException e) {
      hold(making.container(), e.getMessage());
    } catch (FileSystemException e) {
      String mounted = InUse.mountsFrom(directory);
      hold(
          making.container(),
          shown(directory)
              + ": expected to be removed, found "
              + (mounted.isEmpty() ? String.valueOf(e.getReason()) : "mounted on it " + mounted));
    }
  }

  private static String shown(Path path) {
    return Escapes.quote(path.toString());
  }
}
