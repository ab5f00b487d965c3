package io.daxconv.converter.mount;

import static io.daxconv.converter.mount.MountStep.anywhere;
import static io.daxconv.converter.mount.MountStep.in;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A mount plan as commands. Overlays name their directories from the root directory: how escapes in
 * options are read has changed with kernels (5.x, 6.5, 6.7) and with mount(8) (2.39), and plain
 * words mean the same to all. What is elsewhere has a symlink in the root directory.
 */
final class MountSteps {
  /** The overlay shows the root directory's owner and mode from upper: upper takes the base's. */
  private static final String UPPER_AS_BASE =
      "chown \"$(stat -c %u:%g \"$1\")\" \"$2\" && chmod \"$(stat -c %a \"$1\")\" \"$2\"";

  private static final String MOUNT_DEVICE_DAX =
      "phys=$(cat \"$1/resource\") && size=$(cat \"$1/size\")"
          + " && exec mount -t daxfs -o \"ro,phys=$phys,size=$size,validate,name=$2\" none \"$3\"";

  private static final String MOUNT_EROFS_FILE =
      "if command -v python3 >/dev/null; then exec python3 -I -c \"$1\" \"$2\" \"$3\"; fi"
          + "; exec mount -t erofs -o ro,loop \"$2\" \"$3\"";

  private MountSteps() {}

  /** From nothing to all mounted. */
  static List<MountStep> up(MountPlan plan) {
    List<MountStep> steps = new ArrayList<>();
    Path root = plan.root();
    // Others do not get in: programs of the image may be set-user-ID.
    steps.add(anywhere("root-directory", "mkdir", "-p", "-m", "700", root.toString()));
    steps.add(anywhere("base-directory", "mkdir", "-p", plan.base().toString()));
    links(plan, steps);
    steps.addAll(base(plan));
    for (Overlay overlay : plan.overlays()) {
      Overlay.Writes writes = overlay.writes();
      if (writes == null) {
        readOnly(overlay, steps);
      } else {
        overlay(plan, overlay, writes, steps);
      }
    }
    return steps;
  }

  /** From all mounted to nothing mounted; directories stay. */
  static List<MountStep> down(MountPlan plan) {
    List<MountStep> steps = new ArrayList<>();
    for (Overlay overlay : plan.overlays().reversed()) {
      steps.add(anywhere("unmount-overlay", "umount", overlay.merged().toString()));
      Overlay.Writes writes = overlay.writes();
      if (writes != null && writes.tmpfs() != null) {
        steps.add(anywhere("unmount-tmpfs", "umount", writes.tmpfs().toString()));
      }
    }
    steps.add(anywhere("unmount-base", "umount", plan.base().toString()));
    return steps;
  }

  private static void links(MountPlan plan, List<MountStep> steps) {
    Path root = plan.root();
    if (plan.directories().hasOtherBase()) {
      steps.add(link(root, plan.base(), PlanDirectories.BASE));
    }
    if (plan.hasOtherUppers() && plan.options().upper() instanceof Upper.Directory(Path uppers)) {
      steps.add(anywhere("uppers-directory", "mkdir", "-p", "-m", "700", uppers.toString()));
      steps.add(link(root, uppers, PlanDirectories.UPPERS));
    }
  }

  private static MountStep link(Path root, Path target, String name) {
    return in(root, "link", "ln", "-sfn", target.toString(), name);
  }

  /** Nothing is to be made in the base, and a bind mount is as read-only as the base is. */
  private static void readOnly(Overlay overlay, List<MountStep> steps) {
    String merged = overlay.merged().toString();
    steps.add(anywhere("container-directories", "mkdir", "-p", merged));
    steps.add(anywhere("mount-read-only", "mount", "--bind", overlay.lower().toString(), merged));
  }

  private static void overlay(
      MountPlan plan, Overlay overlay, Overlay.Writes writes, List<MountStep> steps) {
    if (writes.tmpfs() != null) {
      String tmpfs = writes.tmpfs().toString();
      steps.add(anywhere("container-directories", "mkdir", "-p", tmpfs));
      steps.add(
          anywhere(
              "mount-tmpfs", "mount", "-t", "tmpfs", "-o", tmpfsOptions(plan), "tmpfs", tmpfs));
    }
    steps.add(
        anywhere(
            "container-directories",
            "mkdir",
            "-p",
            writes.upper().toString(),
            writes.work().toString(),
            overlay.merged().toString()));
    steps.add(
        anywhere(
            "upper-as-base",
            "sh",
            "-c",
            UPPER_AS_BASE,
            "sh",
            overlay.lower().toString(),
            writes.upper().toString()));
    steps.add(
        in(
            plan.root(),
            "mount-overlay",
            "mount",
            "-t",
            "overlay",
            "-o",
            relativeData(plan, overlay),
            "overlay",
            merged(plan, overlay)));
  }

  private static String merged(MountPlan plan, Overlay overlay) {
    return plan.directories().hasOtherMerged()
        ? overlay.merged().toString()
        : overlay.name() + "/" + PlanDirectories.MERGED;
  }

  static String tmpfsOptions(MountPlan plan) {
    return plan.options().upper() instanceof Upper.Tmpfs tmpfs && tmpfs.size().isPresent()
        ? "mode=700,size=" + tmpfs.size().getAsLong()
        : "mode=700";
  }

  /** Where upper and work are, from the root directory; a name stands between the two parts. */
  static String writesBefore(MountPlan plan) {
    return plan.hasOtherUppers() ? PlanDirectories.UPPERS + "/" : "";
  }

  /** The second part. */
  static String writesBehind(MountPlan plan) {
    return plan.options().upper() instanceof Upper.Tmpfs ? "/" + PlanDirectories.TMPFS : "";
  }

  /** What overlays lie over, from the root directory; plain words, for the image's name is one. */
  static String lower(MountPlan plan) {
    return plan.packedImage() == null
        ? PlanDirectories.BASE
        : PlanDirectories.BASE + "/" + plan.packedImage();
  }

  /** The overlay's options with paths from the root directory, in which nothing needs an escape. */
  static String relativeData(MountPlan plan, Overlay overlay) {
    String writes = writesBefore(plan) + overlay.name() + writesBehind(plan) + "/";
    return Overlay.join(
        lower(plan),
        writes + PlanDirectories.UPPER,
        writes + PlanDirectories.WORK,
        plan.options().joined());
  }

  private static List<MountStep> base(MountPlan plan) {
    String image = plan.image().toString();
    String base = plan.base().toString();
    return switch (plan.target()) {
      case BaseTarget.Physical _ ->
          List.of(
              anywhere(
                  "mount-base",
                  "mount",
                  "-t",
                  "daxfs",
                  "-o",
                  String.join(",", baseOptions(plan)),
                  "none",
                  base));
      case BaseTarget.DeviceDax device ->
          List.of(
              anywhere(
                  "copy-image",
                  "python3",
                  "-I",
                  "-c",
                  MountProgram.COPY_TO_DEVICE_DAX.text(),
                  image,
                  device.name()),
              anywhere(
                  "mount-base",
                  "sh",
                  "-c",
                  MOUNT_DEVICE_DAX,
                  "sh",
                  sysDirectory(device),
                  plan.name(),
                  base));
      case BaseTarget.DmaBuf dmaBuf ->
          List.of(
              anywhere(
                  "mount-base",
                  "python3",
                  "-I",
                  "-c",
                  MountProgram.MOUNT_DMA_BUF.text(),
                  image,
                  dmaBuf.heap(),
                  plan.name(),
                  base));
      case BaseTarget.ImageFile _ ->
          List.of(
              anywhere(
                  "mount-base",
                  "sh",
                  "-c",
                  MOUNT_EROFS_FILE,
                  "sh",
                  MountProgram.MOUNT_EROFS_FILE.text(),
                  image,
                  base));
      case BaseTarget.Pmem pmem ->
          List.of(
              anywhere(
                  "mount-base",
                  "mount",
                  "-t",
                  "erofs",
                  "-o",
                  String.join(",", baseOptions(plan)),
                  pmem.device(),
                  base));
    };
  }

  /** The base's options, but for those that only the machine that mounts it knows. */
  static List<String> baseOptions(MountPlan plan) {
    String name = "name=" + plan.name();
    return switch (plan.target()) {
      case BaseTarget.Physical physical ->
          List.of(
              "ro", "phys=" + physical.addressText(), "size=" + physical.size(), "validate", name);
      case BaseTarget.DeviceDax _, BaseTarget.DmaBuf _ -> List.of("ro", "validate", name);
      case BaseTarget.ImageFile _ -> List.of("ro");
      case BaseTarget.Pmem _ -> List.of("ro", "dax=always");
    };
  }

  /** Where the kernel tells a device-DAX's address and size. */
  static String sysDirectory(BaseTarget.DeviceDax device) {
    return "/sys/bus/dax/devices/" + device.name();
  }
}
