package io.daxconv.converter.mount.format;

import io.daxconv.converter.mount.MountFormat;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.process.ImageProcess;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** All ways to write a mount plan down; docs/mount-spec.md describes them. */
public enum SpecFormat {
  /** A POSIX shell script that mounts and unmounts. */
  SHELL(false) {
    @Override
    public List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
      Rules.requireNoIdMapping(this, plan);
      return one(plan.name() + ".sh", MountFormat.SHELL.render(plan));
    }
  },
  /** The JSON of docs/mount-spec.md. */
  JSON(false) {
    @Override
    public List<PlanFile> render(MountPlan plan, ImageProcess process) {
      return one(plan.name() + ".json", MountFormat.JSON.render(plan));
    }
  },
  /** Lines for fstab(5). */
  FSTAB(false) {
    @Override
    public List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
      return one("fstab", Fstab.render(plan, process));
    }
  },
  /** Mount units for systemd. */
  SYSTEMD(true) {
    @Override
    public List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
      return SystemdUnits.render(plan, process);
    }
  },
  /** A bundle for OCI runtimes for each container, and a script for the mounts. */
  OCI_BUNDLE(true) {
    @Override
    public List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
      Rules.requireNoIdMapping(this, plan);
      return OciBundle.render(plan, process);
    }
  },
  /** Mounts as containerd has them, and ctr's command lines. */
  CONTAINERD(false) {
    @Override
    public List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
      Rules.requireNoIdMapping(this, plan);
      return one(plan.name() + "-containerd.json", Containerd.render(plan, process));
    }
  },
  /** A shell script that starts and removes Podman's containers. */
  PODMAN(false) {
    @Override
    public List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
      return one(plan.name() + "-podman.sh", Podman.script(plan, process));
    }
  },
  /** Podman's units for systemd. */
  QUADLET(true) {
    @Override
    public List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
      return Quadlet.render(plan, process);
    }
  },
  /** Manifests that mount the base on each node of a cluster. */
  KUBERNETES(false) {
    @Override
    public List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
      return one(plan.name() + ".yaml", Kubernetes.render(plan));
    }
  },
  /** What a kernel is told so that the image is its root filesystem. */
  KERNEL_CMDLINE(false) {
    @Override
    public List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
      return one("cmdline", KernelCommandLine.render(plan, process));
    }
  },
  /** A script that starts virtual machines under QEMU. */
  QEMU(false) {
    @Override
    public List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
      return one(plan.name() + "-qemu.sh", Guests.qemu(plan, process));
    }
  },
  /** A script that starts virtual machines under Cloud Hypervisor. */
  CLOUD_HYPERVISOR(false) {
    @Override
    public List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
      return one(plan.name() + "-cloud-hypervisor.sh", Guests.cloudHypervisor(plan, process));
    }
  },
  /** A configuration of Firecracker for each virtual machine. */
  FIRECRACKER(true) {
    @Override
    public List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
      return Guests.firecracker(plan, process);
    }
  };

  private final boolean manyFiles;

  SpecFormat(boolean manyFiles) {
    this.manyFiles = manyFiles;
  }

  /** Whether it makes several files, which need a directory. */
  public boolean hasManyFiles() {
    return manyFiles;
  }

  /**
   * What is shared under the plan as this format has it, one sentence; null where the text that it
   * makes says so itself.
   */
  public @Nullable String sharing(MountPlan plan) {
    return switch (this) {
      case SHELL, JSON, FSTAB, CONTAINERD, PODMAN, KUBERNETES, QEMU, CLOUD_HYPERVISOR -> null;
      case SYSTEMD, OCI_BUNDLE, QUADLET, KERNEL_CMDLINE -> plan.sharing().text();
      case FIRECRACKER -> Guests.SHARED;
    };
  }

  /**
   * Writes a plan down.
   *
   * @throws MountPlanException if the format cannot say what the plan says
   */
  public abstract List<PlanFile> render(MountPlan plan, ImageProcess process)
      throws MountPlanException;

  /** As the command line has it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static List<PlanFile> one(String path, String text) {
    return List.of(new PlanFile(path, text));
  }
}
