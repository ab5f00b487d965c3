package io.daxconv.converter.running;

import io.daxconv.converter.kernel.DetachedMount;
import io.daxconv.converter.kernel.Mounts;
import io.daxconv.converter.kernel.OverlayMount;
import io.daxconv.converter.kernel.UserNamespace;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.Overlay;
import io.daxconv.converter.mount.Upper;
import io.daxconv.converter.running.JournalEntry.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The mounts of one container: its overlay, or a read-only mount of the base. With mapped ids, what
 * the overlay lies over is a mount of the base that maps them (an overlay itself cannot be mapped),
 * and upper has the ids of the host: overlayfs works in it as root of the host, whose id a map of
 * upper would have to have.
 */
final class ContainerMounts {
  private static final String MAPPED_BASE = "mapped-base";

  private final MountPlan plan;
  private final Overlay overlay;
  private final @Nullable UserNamespace ids;
  private final PlanDirectory directories;
  private final Attachment attachment;

  /** Attaches a mount, which is told before. */
  @FunctionalInterface
  interface Attachment {
    void attach(
        DetachedMount mount, Path directory, String type, String source, @Nullable String container)
        throws IOException;
  }

  ContainerMounts(
      MountPlan plan,
      Overlay overlay,
      @Nullable UserNamespace ids,
      PlanDirectory directories,
      Attachment attachment) {
    this.plan = plan;
    this.overlay = overlay;
    this.ids = ids;
    this.directories = directories;
    this.attachment = attachment;
  }

  void mount() throws IOException {
    make(overlay.merged(), Role.PLACE);
    Overlay.Writes writes = overlay.writes();
    if (writes == null) {
      try (DetachedMount base = Mounts.readOnly(overlay.lower())) {
        attach(ids == null ? base : base.map(ids), overlay.merged(), type(), source());
      }
      return;
    }
    Path lower = ids == null ? overlay.lower() : mapped(overlay.lower(), ids);
    makeWrites(writes, lower);
    try (DetachedMount mount =
        OverlayMount.of(source(), lower, writes.upper(), writes.work(), plan.options().list())) {
      attach(mount, overlay.merged(), "overlay", source());
    }
  }

  /** The overlay shows the owner and mode of upper as its root's, so they are the base's. */
  private void makeWrites(Overlay.Writes writes, Path lower) throws IOException {
    Path tmpfs = writes.tmpfs();
    if (tmpfs != null && plan.options().upper() instanceof Upper.Tmpfs(var size)) {
      make(tmpfs, Role.PLACE);
      try (DetachedMount mount = Mounts.tmpfs(source(), size)) {
        attach(mount, tmpfs, "tmpfs", source());
      }
      // They go with the tmpfs.
      Files.createDirectory(writes.upper());
      Files.createDirectory(writes.work());
      PlanDirectory.likeBase(lower, writes.upper());
    } else {
      if (make(writes.upper(), Role.UPPER)) {
        PlanDirectory.likeBase(lower, writes.upper());
      }
      make(writes.work(), Role.WORK);
    }
  }

  private Path mapped(Path base, UserNamespace map) throws IOException {
    Path place = plan.root().resolve(overlay.name()).resolve(MAPPED_BASE);
    make(place, Role.PLACE);
    try (DetachedMount mount = Mounts.bind(base)) {
      attach(mount.map(map), place, type(), source());
    }
    return place;
  }

  private boolean make(Path directory, Role role) throws IOException {
    return directories.make(directory, role, overlay.name());
  }

  private void attach(DetachedMount mount, Path directory, String type, String source)
      throws IOException {
    attachment.attach(mount, directory, type, source, overlay.name());
  }

  private String type() {
    return plan.target().view().filesystem();
  }

  private String source() {
    return plan.name() + "/" + overlay.name();
  }
}
