package io.daxconv.converter.mount.format;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.mount.MountFormat;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.Overlay;
import io.daxconv.converter.mount.process.ImageProcess;
import io.daxconv.converter.source.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A runtime-spec bundle for each container: {@code NAME/config.json}, made from the image's config
 * as image-spec's conversion.md says, with the container's merged directory as {@code root.path};
 * and the shell script that mounts them. Annotations {@code created} and {@code author} are left
 * out: an image file holds of its config what concerns the process.
 */
final class OciBundle {
  private static final String ANNOTATION = "org.opencontainers.image.";
  private static final String PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** What Docker and Podman give containers too. */
  private static final List<String> CAPABILITIES =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_NET_BIND_SERVICE",
          "CAP_SETFCAP",
          "CAP_SETGID",
          "CAP_SETPCAP",
          "CAP_SETUID",
          "CAP_SYS_CHROOT");

  /** Of the kernel's, not of the container's. */
  private static final List<String> MASKED =
      List.of(
          "/proc/acpi",
          "/proc/asound",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware");

  private static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private final ImageProcess image;

  private OciBundle(ImageProcess image) {
    this.image = image;
  }

  static List<PlanFile> render(MountPlan plan, ImageProcess image) {
    List<PlanFile> files = new ArrayList<>();
    files.add(new PlanFile("mount.sh", MountFormat.SHELL.render(plan)));
    OciBundle bundle = new OciBundle(image);
    for (Overlay overlay : plan.overlays()) {
      files.add(
          new PlanFile(
              overlay.name() + "/config.json",
              bundle.config(overlay).toPrettyString().replace("\r\n", "\n") + "\n"));
    }
    return files;
  }

  private ObjectNode config(Overlay overlay) {
    ObjectNode config = new ObjectMapper().createObjectNode();
    config.put("ociVersion", "1.0.2");
    process(config.putObject("process"));
    config
        .putObject("root")
        .put("path", overlay.merged().toString())
        .put("readonly", overlay.writes() == null);
    config.put("hostname", overlay.name());
    mounts(config.putArray("mounts"));
    annotations(config.putObject("annotations"));
    ObjectNode linux = config.putObject("linux");
    for (String type : List.of("pid", "network", "ipc", "uts", "mount")) {
      linux.withArray("namespaces").addObject().put("type", type);
    }
    strings(linux.putArray("maskedPaths"), MASKED);
    strings(linux.putArray("readonlyPaths"), READ_ONLY);
    return config;
  }

  private void process(ObjectNode process) {
    process.put("terminal", false);
    ObjectNode user = process.putObject("user");
    user.put("uid", image.user().uid()).put("gid", image.user().gid());
    if (!image.user().additionalGids().isEmpty()) {
      ArrayNode additional = user.putArray("additionalGids");
      image.user().additionalGids().forEach(additional::add);
    }
    strings(process.putArray("args"), image.arguments());
    List<String> environment = new ArrayList<>(image.environment());
    if (environment.stream().noneMatch(variable -> variable.startsWith("PATH="))) {
      environment.addFirst(PATH);
    }
    strings(process.putArray("env"), environment);
    process.put("cwd", image.workingDirectory());
    ObjectNode capabilities = process.putObject("capabilities");
    for (String set : List.of("bounding", "effective", "permitted")) {
      strings(capabilities.putArray(set), CAPABILITIES);
    }
  }

  /** runtime-spec config-linux.md, Default Filesystems. */
  private static void mounts(ArrayNode mounts) {
    mount(mounts, "/proc", "proc", "proc");
    mount(mounts, "/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
    mount(
        mounts,
        "/dev/pts",
        "devpts",
        "devpts",
        "nosuid",
        "noexec",
        "newinstance",
        "ptmxmode=0666",
        "mode=0620",
        "gid=5");
    mount(
        mounts,
        "/dev/shm",
        "tmpfs",
        "shm",
        "nosuid",
        "noexec",
        "nodev",
        "mode=1777",
        "size=65536k");
    mount(mounts, "/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
    mount(mounts, "/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
  }

  private static void mount(
      ArrayNode mounts, String destination, String type, String source, String... options) {
    ObjectNode mount = mounts.addObject();
    mount.put("destination", destination).put("type", type).put("source", source);
    if (options.length > 0) {
      strings(mount.putArray("options"), List.of(options));
    }
  }

  /** conversion.md: labels win over what else says the same. */
  private void annotations(ObjectNode annotations) {
    Map<String, String> all = new TreeMap<>();
    Platform platform = image.platform();
    if (platform != null) {
      all.put(ANNOTATION + "os", platform.os());
      all.put(ANNOTATION + "architecture", platform.architecture());
      if (platform.variant() != null) {
        all.put(ANNOTATION + "variant", platform.variant());
      }
    }
    if (!image.stopSignal().isEmpty()) {
      all.put(ANNOTATION + "stopSignal", image.stopSignal());
    }
    if (!image.exposedPorts().isEmpty()) {
      all.put(ANNOTATION + "exposedPorts", String.join(",", image.exposedPorts()));
    }
    image.labels().forEach(all::put);
    all.remove("");
    all.forEach(annotations::put);
  }

  private static void strings(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }
}
