package io.daxconv.converter.running;

import io.daxconv.converter.kernel.BaseCheck;
import io.daxconv.converter.kernel.BaseMount;
import io.daxconv.converter.kernel.Host;
import io.daxconv.converter.kernel.MountIdentity;
import io.daxconv.converter.kernel.MountTable;
import io.daxconv.converter.kernel.Mounts;
import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.ImageView;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** One image on one directory, without a plan and without a journal. */
public final class ImageMount {
  private ImageMount() {}

  /**
   * Mounts an image, read-only.
   *
   * @param trusted whether set-user-ID bits and devices of the image count
   * @throws IOException if the image is broken, or the kernel refuses
   */
  public static void mount(BaseTarget target, Path image, Path directory, boolean trusted)
      throws IOException {
    Host.requireMounting();
    BaseCheck.check(target, image);
    try (BaseMount base =
        BaseMount.of(target, image.toAbsolutePath(), MountPlan.nameOf(image), !trusted)) {
      base.mount().attach(directory.toRealPath());
    }
  }

  /**
   * Unmounts an image.
   *
   * @throws StateException if the directory has no image mounted, or a plan's
   */
  public static void unmount(Path directory, StateDirectory states) throws IOException {
    Host.requireMounting();
    Path real = directory.toRealPath();
    MountIdentity identity = MountIdentity.at(real);
    MountTable table = MountTable.read();
    MountTable.Entry entry =
        table
            .numbered(identity.number())
            .filter(found -> found.mountPoint().equals(real.toString()))
            .orElseThrow(() -> unexpected(directory, "none"));
    if (Arrays.stream(ImageView.values())
        .noneMatch(view -> view.filesystem().equals(entry.type()))) {
      throw unexpected(directory, Sighting.Observer.shown(entry));
    }
    for (String name : states.names()) {
      PlanState state = PlanState.of(states.journal(name).read());
      if (state != null
          && state.mounts().values().stream()
              .anyMatch(mounting -> mounting.identity().equals(identity))) {
        throw unexpected(directory, "one of the plan " + name + "; daxconv down " + name);
      }
    }
    Mounts.unmount(real);
  }

  private static StateException unexpected(Path directory, String found) {
    return new StateException(
        Escapes.quote(directory.toString())
            + ": expected an image mounted as erofs or daxfs, found "
            + found);
  }
}
