package io.daxconv.converter.mount;

import org.jspecify.annotations.Nullable;

/**
 * From where a base is mounted, by which as which filesystem too, and why.
 *
 * @param target the filesystem follows from it ({@link BaseTarget#view})
 * @param reason half a sentence of printable ASCII, for people
 */
public record BaseChoice(BaseTarget target, String reason) {
  private static final String ASKED_FOR = "it was asked for";
  private static final String NO_EROFS_VIEW = "the image has no EROFS view";

  /** This target and no other. */
  public static BaseChoice asked(BaseTarget target) {
    return new BaseChoice(target, ASKED_FOR);
  }

  /**
   * Chooses where nobody insists: DAXFS where the kernel has it and a target in memory is given,
   * else EROFS from the file, if the image has that view.
   *
   * @param view the view to insist on, or null
   * @param target where the image lies, or null
   * @param hasErofs whether the image has an EROFS view
   * @param kernel of the machine that mounts
   * @throws MountPlanException if view, target and image do not go together
   */
  public static BaseChoice of(
      @Nullable ImageView view,
      @Nullable BaseTarget target,
      boolean hasErofs,
      KernelFilesystems kernel)
      throws MountPlanException {
    BaseChoice choice = view == null ? free(target, hasErofs, kernel) : insisted(view, target);
    if (choice.target.view() == ImageView.EROFS && !hasErofs) {
      throw new MountPlanException(
          "base target "
              + choice.target
              + ": expected an image with an EROFS view, found none; convert it again without"
              + " --no-erofs");
    }
    return choice;
  }

  private static BaseChoice insisted(ImageView view, @Nullable BaseTarget target)
      throws MountPlanException {
    if (target == null) {
      return asked(
          switch (view) {
            case DAXFS -> new BaseTarget.DmaBuf(BaseTarget.SYSTEM_HEAP);
            case EROFS -> new BaseTarget.ImageFile();
          });
    }
    if (target.view() != view) {
      throw new MountPlanException(
          "base target %s: expected one for the %s view, found one for %s"
              .formatted(target, view, target.view()));
    }
    return asked(target);
  }

  private static BaseChoice free(
      @Nullable BaseTarget target, boolean hasErofs, KernelFilesystems kernel) {
    if (target != null && target.view() == ImageView.EROFS) {
      return new BaseChoice(target, "its target is for EROFS only");
    }
    if (target != null && kernel.have(ImageView.DAXFS)) {
      return new BaseChoice(target, "the kernel has DAXFS, and a target in memory is given");
    }
    if (!hasErofs) {
      return new BaseChoice(
          target == null ? new BaseTarget.DmaBuf(BaseTarget.SYSTEM_HEAP) : target, NO_EROFS_VIEW);
    }
    return new BaseChoice(
        new BaseTarget.ImageFile(),
        target == null
            ? "no target in memory is given"
            : "the kernel has no DAXFS, without which " + target + " is of no use");
  }
}
