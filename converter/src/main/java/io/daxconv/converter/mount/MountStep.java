package io.daxconv.converter.mount;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command of a mount plan, run as root.
 *
 * @param purpose stable, for programs: {@code root-directory}, {@code base-directory}, {@code
 *     copy-image}, {@code mount-base}, {@code container-directories}, {@code upper-as-base}, {@code
 *     mount-overlay}, {@code unmount-overlay}, {@code unmount-base}
 * @param directory where it runs, or null for anywhere
 * @param argv the program and its arguments, nothing of it for a shell to read
 */
record MountStep(String purpose, @Nullable Path directory, List<String> argv) {
  /** The overlay shows the root directory's owner and mode from upper: upper takes the base's. */
  private static final String UPPER_AS_BASE =
      "chown \"$(stat -c %u:%g \"$1\")\" \"$2\" && chmod \"$(stat -c %a \"$1\")\" \"$2\"";

  private static final String MOUNT_DEVICE_DAX =
      "phys=$(cat \"$1/resource\") && size=$(cat \"$1/size\")"
          + " && exec mount -t daxfs -o \"ro,phys=$phys,size=$size,validate,name=$2\" none \"$3\"";

  private static final String MOUNT_EROFS_FILE =
      "if command -v python3 >/dev/null; then exec python3 -I -c \"$1\" \"$2\" \"$3\"; fi"
          + "; exec mount -t erofs -o ro,loop \"$2\" \"$3\"";

  MountStep {
    argv = List.copyOf(argv);
  }

  /** From nothing to all mounted. */
  static List<MountStep> up(MountPlan plan) {
    List<MountStep> steps = new ArrayList<>();
    // Others do not get in: programs of the image may be set-user-ID.
    steps.add(anywhere("root-directory", "mkdir", "-p", "-m", "700", plan.root().toString()));
    steps.add(anywhere("base-directory", "mkdir", "-p", plan.base().toString()));
    steps.addAll(base(plan));
    for (Overlay overlay : plan.overlays()) {
      steps.add(
          anywhere(
              "container-directories",
              "mkdir",
              "-p",
              overlay.upper().toString(),
              overlay.work().toString(),
              overlay.merged().toString()));
      steps.add(
          anywhere(
              "upper-as-base",
              "sh",
              "-c",
              UPPER_AS_BASE,
              "sh",
              overlay.lower().toString(),
              overlay.upper().toString()));
      steps.add(
          new MountStep(
              "mount-overlay",
              plan.root(),
              List.of(
                  "mount",
                  "-t",
                  "overlay",
                  "-o",
                  overlay.relativeData(MountPlan.OVERLAY_OPTIONS),
                  "overlay",
                  overlay.name() + "/" + Overlay.MERGED)));
    }
    return steps;
  }

  /** From all mounted to nothing mounted; directories stay. */
  static List<MountStep> down(MountPlan plan) {
    List<MountStep> steps = new ArrayList<>();
    for (Overlay overlay : plan.overlays().reversed()) {
      steps.add(anywhere("unmount-overlay", "umount", overlay.merged().toString()));
    }
    steps.add(anywhere("unmount-base", "umount", plan.base().toString()));
    return steps;
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

  private static MountStep anywhere(String purpose, String... argv) {
    return new MountStep(purpose, null, List.of(argv));
  }
}
