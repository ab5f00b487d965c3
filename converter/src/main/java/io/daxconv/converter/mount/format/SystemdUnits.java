package io.daxconv.converter.mount.format;

import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.Overlay;
import io.daxconv.converter.mount.process.ImageProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A mount plan as units of systemd: a mount unit for the base and for each container, a service for
 * each container that makes upper and work, and a target that wants them all.
 */
final class SystemdUnits {
  private static final SpecFormat FORMAT = SpecFormat.SYSTEMD;

  private final MountPlan plan;
  private final ImageProcess process;
  private final String base;
  private final List<PlanFile> files = new ArrayList<>();

  private SystemdUnits(MountPlan plan, ImageProcess process) throws MountPlanException {
    this.plan = plan;
    this.process = process;
    this.base = BaseUnit.name(FORMAT, plan);
  }

  static List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
    Rules.requireNoIdMapping(FORMAT, plan);
    SystemdUnits units = new SystemdUnits(plan, process);
    units.files.add(BaseUnit.render(FORMAT, plan));
    List<String> wanted = new ArrayList<>();
    for (Overlay overlay : plan.overlays()) {
      wanted.add(units.container(overlay));
    }
    units.target(wanted);
    return units.files;
  }

  private void target(List<String> wanted) {
    UnitFile unit = new UnitFile();
    unit.section("Unit")
        .line("Description", "Root filesystems of the containers of " + plan.name());
    for (String each : wanted) {
      unit.line("Requires", each).line("After", each);
    }
    unit.section("Install").line("WantedBy", "multi-user.target");
    files.add(new PlanFile("daxconv-" + plan.name() + ".target", unit.text()));
  }

  /** The name of the unit that mounts a container's root filesystem. */
  private String container(Overlay overlay) throws MountPlanException {
    BaseUnit.requirePlain(FORMAT, overlay.merged());
    String name = UnitFile.mountUnit(FORMAT, overlay.merged().toString());
    Overlay.Writes writes = overlay.writes();
    UnitFile unit = new UnitFile();
    unit.section("Unit");
    unit.line("Description", "Root filesystem of " + overlay.name() + " of " + plan.name());
    BaseUnit.order(unit);
    unit.line("BindsTo", base).line("After", base);
    if (writes == null) {
      unit.section("Mount");
      unit.line("What", UnitFile.value(overlay.lower().toString()));
      unit.line("Where", UnitFile.value(overlay.merged().toString()));
      unit.line("Type", "none").line("Options", "bind");
    } else {
      String directories = directories(overlay.name(), writes);
      unit.line("Requires", directories).line("After", directories);
      unit.section("Mount").line("What", "overlay");
      unit.line("Where", UnitFile.value(overlay.merged().toString()));
      unit.line("Type", "overlay").line("Options", UnitFile.value(options(overlay, writes)));
    }
    files.add(new PlanFile(name, unit.text()));
    return name;
  }

  private String options(Overlay overlay, Overlay.Writes writes) throws MountPlanException {
    Rules.requireOptionPath(FORMAT, overlay.lower());
    Rules.requireOptionPath(FORMAT, writes.upper());
    BaseUnit.requirePlain(FORMAT, writes.upper());
    return "lowerdir=%s,upperdir=%s,workdir=%s,%s"
        .formatted(overlay.lower(), writes.upper(), writes.work(), plan.overlayOptions());
  }

  private String directories(String container, Overlay.Writes writes) throws MountPlanException {
    String name = "daxconv-" + plan.name() + "-" + container + ".service";
    UnitFile unit = new UnitFile();
    unit.section("Unit");
    unit.line("Description", "Upper directory of " + container + " of " + plan.name());
    BaseUnit.order(unit);
    unit.line("RequiresMountsFor", UnitFile.word(parent(writes.upper())));
    if (writes.tmpfs() != null) {
      String tmpfs = tmpfs(container, writes.tmpfs());
      unit.line("BindsTo", tmpfs).line("After", tmpfs);
    }
    unit.section("Service").line("Type", "oneshot").line("RemainAfterExit", "yes");
    // The root directory is its owner's alone: programs of the image may be set-user-ID.
    unit.line("ExecStart", install("-m 700", plan.root()));
    unit.line("ExecStart", install("", writes.work()));
    ImageProcess.Owner root = process.root();
    unit.line(
        "ExecStart",
        install(
            "-m %o -o %d -g %d".formatted(root.mode(), root.uid(), root.gid()), writes.upper()));
    files.add(new PlanFile(name, unit.text()));
    return name;
  }

  private static String parent(Path path) {
    Path parent = path.getParent();
    return parent == null ? "/" : parent.toString();
  }

  private static String install(String options, Path directory) {
    return ("install -d " + options).strip() + " " + UnitFile.argument(directory.toString());
  }

  private String tmpfs(String container, Path directory) throws MountPlanException {
    String name = UnitFile.mountUnit(FORMAT, directory.toString());
    UnitFile unit = new UnitFile();
    unit.section("Unit");
    unit.line("Description", "Memory for " + container + " of " + plan.name());
    BaseUnit.order(unit);
    unit.section("Mount").line("What", "tmpfs");
    unit.line("Where", UnitFile.value(directory.toString()));
    unit.line("Type", "tmpfs").line("Options", plan.tmpfsOptions());
    files.add(new PlanFile(name, unit.text()));
    return name;
  }
}
