package io.daxconv.converter.mount.format;

import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.process.ImageProcess;

/**
 * What a kernel is told so that the image is its root filesystem (Linux,
 * admin-guide/kernel-parameters.txt): from a physical range as DAXFS, as kerf starts kernels, or
 * from a pmem device as EROFS.
 */
final class KernelCommandLine {
  /** EROFS on a pmem device; also what guests with such a device are told. */
  private static final String EROFS = "rootfstype=erofs rootflags=dax=always ro";

  private KernelCommandLine() {}

  static String render(MountPlan plan, ImageProcess process) throws MountPlanException {
    Rules.requireWholeDevice(SpecFormat.KERNEL_CMDLINE, plan);
    String line =
        switch (plan.target()) {
          case BaseTarget.Physical physical ->
              "rootfstype=daxfs rootflags=phys=0x%x,size=%d ro"
                  .formatted(physical.address(), physical.size());
          case BaseTarget.Pmem pmem -> "root=" + pmem.device() + " " + EROFS;
          case BaseTarget.DeviceDax _, BaseTarget.DmaBuf _, BaseTarget.ImageFile _ ->
              throw new MountPlanException(
                  "format kernel-cmdline: expected --target phys:ADDRESS:SIZE or pmem:/dev/pmemN,"
                      + " from which a kernel can start, found "
                      + plan.target());
        };
    return line + init(process) + "\n";
  }

  /** For a guest whose first pmem device is the image. */
  static String forGuest(ImageProcess process) {
    return "root=/dev/pmem0 " + EROFS + init(process);
  }

  /** The same without what Firecracker adds itself for a root device. */
  static String forFirecracker(ImageProcess process) {
    return EROFS + init(process);
  }

  /** Without a word, kernels look in /sbin, /etc and /bin only. */
  private static String init(ImageProcess process) {
    return process.hasInit() ? " init=/init" : "";
  }
}
