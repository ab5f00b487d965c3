package io.daxconv.converter.mount.format;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.Overlay;
import io.daxconv.converter.mount.process.ImageProcess;
import java.util.ArrayList;
import java.util.List;

/**
 * The mounts as containerd's snapshotters give them (containerd, api/types/mount.proto): type,
 * source and options, the target being where containerd mounts them; and a command line of ctr for
 * each container, over its merged directory.
 */
final class Containerd {
  private static final SpecFormat FORMAT = SpecFormat.CONTAINERD;

  private final MountPlan plan;
  private final ImageProcess process;

  private Containerd(MountPlan plan, ImageProcess process) {
    this.plan = plan;
    this.process = process;
  }

  static String render(MountPlan plan, ImageProcess process) throws MountPlanException {
    Rules.requireStandingBase(FORMAT, plan);
    return new Containerd(plan, process).render();
  }

  private String render() throws MountPlanException {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("sharing", plan.sharing().text());
    strings(json.putArray("warnings"), plan.warnings());
    ObjectNode base = json.putObject("base").put("target", plan.base().toString());
    List<String> options = new ArrayList<>(plan.baseOptions());
    if (plan.target() instanceof BaseTarget.ImageFile) {
      options.add("loop");
    }
    mount(base.putArray("mounts"), BaseUnit.type(plan), BaseUnit.source(plan), options);
    ArrayNode containers = json.putArray("containers");
    for (Overlay overlay : plan.overlays()) {
      container(containers.addObject(), overlay);
    }
    return json.toPrettyString() + "\n";
  }

  private void container(ObjectNode container, Overlay overlay) throws MountPlanException {
    container.put("name", overlay.name()).put("target", overlay.merged().toString());
    ArrayNode mounts = container.putArray("mounts");
    Overlay.Writes writes = overlay.writes();
    if (writes == null) {
      mount(mounts, "bind", overlay.lower().toString(), List.of("rbind", "ro"));
    } else {
      Rules.requireOptionPath(FORMAT, overlay.lower());
      Rules.requireOptionPath(FORMAT, writes.upper());
      if (writes.tmpfs() != null) {
        container.putObject("tmpfs").put("target", writes.tmpfs().toString());
        mount(
            container.withObject("/tmpfs").putArray("mounts"),
            "tmpfs",
            "tmpfs",
            List.of(plan.tmpfsOptions().split(",", -1)));
      }
      List<String> options = new ArrayList<>();
      options.add("workdir=" + writes.work());
      options.add("upperdir=" + writes.upper());
      options.add("lowerdir=" + overlay.lower());
      options.addAll(plan.options().list());
      mount(mounts, "overlay", "overlay", options);
    }
    strings(container.putArray("run"), run(overlay));
  }

  /** {@code ctr run} sets no PATH and has no image to take the rest from. */
  private List<String> run(Overlay overlay) {
    List<String> argv = new ArrayList<>(List.of("ctr", "run", "--rm"));
    if (overlay.writes() == null) {
      argv.add("--read-only");
    }
    for (String variable : process.environment()) {
      argv.addAll(List.of("--env", variable));
    }
    argv.addAll(List.of("--cwd", process.workingDirectory()));
    if (!process.userText().isEmpty()) {
      argv.addAll(List.of("--user", process.user().uid() + ":" + process.user().gid()));
    }
    argv.add("--rootfs");
    argv.add(overlay.merged().toString());
    argv.add(plan.name() + "-" + overlay.name());
    argv.addAll(process.arguments());
    return argv;
  }

  private static void mount(ArrayNode mounts, String type, String source, List<String> options) {
    ObjectNode mount = mounts.addObject().put("type", type).put("source", source);
    strings(mount.putArray("options"), options);
  }

  private static void strings(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }
}
