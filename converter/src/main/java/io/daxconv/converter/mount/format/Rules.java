package io.daxconv.converter.mount.format;

import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.ImageView;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.Upper;
import io.daxconv.converter.text.Escapes;
import java.nio.file.Path;

/** What formats cannot say, each refused in one line. */
final class Rules {
  /** Fit for no line of text. */
  private static final String CONTROL = "control characters";

  private Rules() {}

  static void requireNoIdMapping(SpecFormat format, MountPlan plan) throws MountPlanException {
    if (plan.options().idMapping() != null) {
      throw new MountPlanException(
          "format "
              + format
              + ": expected no id mapping, which takes mount_setattr(2); daxconv up does it");
    }
  }

  /**
   * Guests and kernels have the device itself as their root: all of it, with the ids that it has.
   */
  static void requireWholeDevice(SpecFormat format, MountPlan plan) throws MountPlanException {
    if (plan.packedImage() != null) {
      throw new MountPlanException(
          "format %s: expected a file of one image, whose root is what boots, found --image %s, a directory in it"
              .formatted(format, Escapes.quote(plan.packedImage())));
    }
    if (plan.options().idMapping() != null) {
      throw new MountPlanException(
          "format "
              + format
              + ": expected no id mapping, for what boots has the image's own ids; daxconv up maps"
              + " them for containers");
    }
  }

  /** Device-DAX and dma-buf are filled by a program before each mount. */
  static void requireStandingBase(SpecFormat format, MountPlan plan) throws MountPlanException {
    switch (plan.target()) {
      case BaseTarget.DeviceDax _, BaseTarget.DmaBuf _ ->
          throw new MountPlanException(
              "format %s: expected a base target that mount(8) can mount (phys, file or pmem), found %s"
                  .formatted(format, plan.target()));
      case BaseTarget.Physical _, BaseTarget.ImageFile _, BaseTarget.Pmem _ -> {}
    }
  }

  static void requireErofs(SpecFormat format, MountPlan plan) throws MountPlanException {
    if (plan.target().view() != ImageView.EROFS) {
      throw new MountPlanException(
          "format %s: expected the EROFS view, which guests mount; found %s"
              .formatted(format, plan.target()));
    }
  }

  static void requireNoTmpfs(SpecFormat format, MountPlan plan) throws MountPlanException {
    if (plan.options().upper() instanceof Upper.Tmpfs) {
      throw new MountPlanException(
          "format "
              + format
              + ": expected upper directories: those of a tmpfs are made after it is mounted;"
              + " the formats shell and systemd do that");
    }
  }

  /** Readers of overlay options disagree about these (see {@link io.daxconv.converter.mount}). */
  static void requireOptionPath(SpecFormat format, Path path) throws MountPlanException {
    requireWithout(format, path, ",:\\\"");
  }

  /** Refuses a path with one of some characters, or with control characters. */
  static void requireWithout(SpecFormat format, Path path, String characters)
      throws MountPlanException {
    String text = path.toString();
    boolean control = text.chars().anyMatch(c -> c < ' ' || c == 0x7f);
    if (control || text.chars().anyMatch(c -> characters.indexOf(c) >= 0)) {
      throw new MountPlanException(
          "format %s: expected a path without %s, found %s"
              .formatted(
                  format,
                  characters.isEmpty()
                      ? CONTROL
                      : "any of "
                          + String.join(" ", characters.split("", -1)).strip()
                          + " and "
                          + CONTROL,
                  Escapes.quote(text)));
    }
  }
}
