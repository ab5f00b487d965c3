package io.daxconv.converter.running;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.kernel.BaseCheck;
import io.daxconv.converter.kernel.BaseMount;
import io.daxconv.converter.kernel.DetachedMount;
import io.daxconv.converter.kernel.Host;
import io.daxconv.converter.kernel.MountIdentity;
import io.daxconv.converter.kernel.MountTable;
import io.daxconv.converter.kernel.UserNamespace;
import io.daxconv.converter.mount.IdMapping;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.Overlay;
import io.daxconv.converter.running.JournalEntry.Role;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Carries out a mount plan. */
public final class Up {
  private final MountPlan plan;
  private final Telling journal;
  private final PlanDirectory directories;

  private Up(MountPlan plan, Telling journal) {
    this.plan = plan;
    this.journal = journal;
    this.directories = new PlanDirectory(journal);
  }

  /**
   * Makes the plan's directories and mounts. If something fails, or the program is asked to end (by
   * Ctrl-C, say), what was done so far is undone.
   *
   * @throws StateException if it is up already, or half of it
   * @throws IOException if the image is broken, or the kernel refuses
   */
  public static void run(MountPlan plan, StateDirectory states) throws IOException {
    Journal journal = states.journal(plan.name());
    run(plan, states, journal::append);
  }

  static void run(MountPlan plan, StateDirectory states, Telling telling) throws IOException {
    Host.requireMounting();
    BaseCheck.check(plan.target(), plan.image());
    try (StateDirectory.Lock _ = states.lock();
        Interruption interruption = Interruption.watch()) {
      Journal journal = states.journal(plan.name());
      requireDown(plan.name(), PlanState.of(journal.read()));
      try {
        new Up(plan, interruption.refusing(telling)).carryOut();
      } catch (IOException | RuntimeException e) {
        undo(journal, plan.name(), e);
        throw e;
      }
    }
  }

  private static void undo(Journal journal, String name, Exception failure) {
    try {
      Down.Result undone = Down.run(journal, name, false, journal::append);
      for (String problem : undone.problems()) {
        failure.addSuppressed(new StateException(problem));
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static void requireDown(String name, @Nullable PlanState state) throws IOException {
    if (state == null) {
      return;
    }
    Sighting.Observer observer = Sighting.Observer.of(state.begun().host());
    boolean any =
        state.mounts().values().stream()
            .anyMatch(mounting -> !(observer.look(mounting) instanceof Sighting.Gone));
    if (any) {
      throw new StateException(
          name
              + ": expected a plan of that name to be down, found it up"
              + (state.ready() ? "" : " in part")
              + "; daxconv down "
              + name
              + " undoes it, --name gives this one another name");
    }
  }

  private void carryOut() throws IOException {
    journal.tell(
        new JournalEntry.Begun(
            plan.name(),
            plan.image(),
            plan.root(),
            plan.target().toString(),
            Host.current(),
            Instant.now().getEpochSecond(),
            plan.overlays().stream().map(Up::container).toList()));
    directories.make(plan.root(), Role.PLACE, null);
    directories.make(plan.base(), Role.PLACE, null);
    try (BaseMount base = BaseMount.of(plan.target(), plan.image(), plan.name(), true)) {
      attach(base.mount(), plan.base(), base.type(), base.source(), null);
    }
    requireLower();
    IdMapping mapping = plan.options().idMapping();
    try (UserNamespace ids = mapping == null ? null : UserNamespace.of(mapping)) {
      for (Overlay overlay : plan.overlays()) {
        new ContainerMounts(plan, overlay, ids, directories, this::attach).mount();
      }
    }
    journal.tell(new JournalEntry.Ready());
  }

  /** A symlink in the base would lead to the host's own files. */
  private void requireLower() throws CorruptImageException {
    if (!Files.isDirectory(plan.lower(), LinkOption.NOFOLLOW_LINKS)) {
      throw new CorruptImageException(
          "%s: /%s: expected the directory of an image, found none"
              .formatted(
                  Escapes.quote(plan.image().toString()),
                  Objects.requireNonNullElse(plan.packedImage(), "")));
    }
  }

  private static JournalEntry.Container container(Overlay overlay) {
    Overlay.Writes writes = overlay.writes();
    return new JournalEntry.Container(
        overlay.name(), overlay.merged(), writes == null ? null : writes.upper());
  }

  /** The journal has a mount's identity before the mount is anywhere. */
  private void attach(
      DetachedMount mount, Path directory, String type, String source, @Nullable String container)
      throws IOException {
    requireNoMount(directory);
    journal.tell(new JournalEntry.Mounting(directory, mount.identity(), type, source, container));
    mount.attach(directory);
  }

  private static void requireNoMount(Path directory) throws IOException {
    Path real = directory.toRealPath();
    Path parent = real.getParent();
    if (parent == null || MountIdentity.at(real).number() != MountIdentity.at(parent).number()) {
      String found =
          MountTable.read().entries().reversed().stream()
              .filter(entry -> entry.mountPoint().equals(real.toString()))
              .findFirst()
              .map(Sighting.Observer::shown)
              .orElse("a mount");
      throw new StateException(
          Escapes.quote(directory.toString())
              + ": expected a directory with nothing mounted on it, found "
              + found);
    }
  }
}
