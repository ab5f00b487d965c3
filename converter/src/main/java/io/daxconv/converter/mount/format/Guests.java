package io.daxconv.converter.mount.format;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.Overlay;
import io.daxconv.converter.mount.ShellScript;
import io.daxconv.converter.mount.process.ImageProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The image as one read-only pmem device of several virtual machines: what they read, map and
 * execute is one copy in the host's page cache. Kernels map pmem in pieces of 2 MiB
 * (include/linux/mmzone.h, SUBSECTION_SIZE), and Cloud Hypervisor asks for files of such a size:
 * for it and for QEMU an image of another size is copied beside itself and filled up with zeros.
 */
final class Guests {
  /** What pmem devices are a multiple of. */
  private static final long ALIGNMENT = 2 << 20;

  /** What guests share; other than {@link MountPlan#sharing}, which is about containers. */
  static final String SHARED =
      "EROFS with DAX: all guests read, map and execute one copy in the host's page cache, and keep"
          + " none in theirs";

  private Guests() {}

  static String qemu(MountPlan plan, ImageProcess process) throws MountPlanException {
    Rules.requireWholeDevice(SpecFormat.QEMU, plan);
    Rules.requireErofs(SpecFormat.QEMU, plan);
    return script(plan, process, "qemu.sh");
  }

  static String cloudHypervisor(MountPlan plan, ImageProcess process) throws MountPlanException {
    Rules.requireWholeDevice(SpecFormat.CLOUD_HYPERVISOR, plan);
    Rules.requireErofs(SpecFormat.CLOUD_HYPERVISOR, plan);
    Rules.requireWithout(SpecFormat.CLOUD_HYPERVISOR, plan.image(), ",\"[]");
    return script(plan, process, "cloud-hypervisor.sh");
  }

  /**
   * A JSON file for each machine. Firecracker takes files of any size and fills them up in memory
   * (its docs/pmem.md), so that the image itself is the device.
   */
  static List<PlanFile> firecracker(MountPlan plan, ImageProcess process)
      throws MountPlanException {
    Rules.requireWholeDevice(SpecFormat.FIRECRACKER, plan);
    Rules.requireErofs(SpecFormat.FIRECRACKER, plan);
    List<PlanFile> files = new ArrayList<>();
    for (Overlay overlay : plan.overlays()) {
      ObjectNode json = new ObjectMapper().createObjectNode();
      json.putObject("boot-source")
          .put("kernel_image_path", "vmlinux")
          .put("boot_args", "console=ttyS0 " + KernelCommandLine.forFirecracker(process));
      json.putObject("machine-config").put("vcpu_count", 1).put("mem_size_mib", 512);
      json.putArray("drives");
      json.putArray("pmem")
          .addObject()
          .put("id", "rootfs")
          .put("path_on_host", plan.image().toString())
          .put("root_device", true)
          .put("read_only", true);
      files.add(new PlanFile(overlay.name() + ".json", json.toPrettyString() + "\n"));
    }
    return files;
  }

  /** The file that is the device. */
  private static String device(MountPlan plan) {
    return isAligned(plan) ? plan.image().toString() : plan.image() + ".pmem";
  }

  private static boolean isAligned(MountPlan plan) {
    return plan.imageSize() % ALIGNMENT == 0;
  }

  private static long deviceSize(MountPlan plan) {
    return Math.ceilDiv(plan.imageSize(), ALIGNMENT) * ALIGNMENT;
  }

  private static String script(MountPlan plan, ImageProcess process, String program) {
    return """
        #!/bin/sh
        # Made by daxconv mount-spec. What is shared: %s.
        set -eu

        image=%s
        image_size=%d
        device=%s
        device_size=%d
        names=%s
        cmdline=%s

        %s"""
        .formatted(
            SHARED,
            ShellScript.quote(plan.image().toString()),
            plan.imageSize(),
            ShellScript.quote(device(plan)),
            deviceSize(plan),
            ShellScript.quote(
                plan.overlays().stream().map(Overlay::name).collect(Collectors.joining(" "))),
            ShellScript.quote(KernelCommandLine.forGuest(process)),
            text("device.sh") + "\n" + text(program));
  }

  private static String text(String file) {
    try (InputStream in = Guests.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
