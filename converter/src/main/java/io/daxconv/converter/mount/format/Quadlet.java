package io.daxconv.converter.mount.format;

import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.Overlay;
import io.daxconv.converter.mount.process.ImageProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A {@code .container} unit for each container, and the base's {@code .mount}
 * (podman-systemd.unit(5), Podman 4.4 and later). What has a key only in later versions goes
 * through {@code PodmanArgs=}. Words end up in a command line of systemd, so that {@code %} and
 * {@code $} are doubled.
 */
final class Quadlet {
  private static final SpecFormat FORMAT = SpecFormat.QUADLET;

  private Quadlet() {}

  static List<PlanFile> render(MountPlan plan, ImageProcess process) throws MountPlanException {
    Rules.requireNoIdMapping(FORMAT, plan);
    Rules.requireWithout(FORMAT, plan.lower(), ":, \\\"'$");
    List<PlanFile> files = new ArrayList<>();
    files.add(BaseUnit.render(FORMAT, plan));
    for (Overlay overlay : plan.overlays()) {
      files.add(
          new PlanFile(
              plan.name() + "-" + overlay.name() + ".container", unit(plan, process, overlay)));
    }
    return files;
  }

  private static String unit(MountPlan plan, ImageProcess process, Overlay overlay)
      throws MountPlanException {
    String base = BaseUnit.name(FORMAT, plan);
    UnitFile unit = new UnitFile();
    unit.comment("Made by daxconv mount-spec. What is shared: " + plan.sharing().text() + ".");
    unit.section("Unit");
    unit.line("Description", "Container " + overlay.name() + " of " + plan.name());
    unit.line("BindsTo", base).line("After", base);
    unit.section("Container");
    unit.line("ContainerName", plan.name() + "-" + overlay.name());
    unit.line("Rootfs", UnitFile.value(overlay.lower().toString()) + ":O");
    unit.line("PodmanArgs", UnitFile.argument("--hostname=" + overlay.name()));
    for (String option : Podman.options(plan, process)) {
      unit.line("PodmanArgs", UnitFile.argument(option));
    }
    List<String> arguments = Podman.arguments(process);
    if (!arguments.isEmpty()) {
      unit.line(
          "Exec", arguments.stream().map(UnitFile::argument).collect(Collectors.joining(" ")));
    }
    unit.section("Install").line("WantedBy", "multi-user.target");
    return unit.text();
  }
}
