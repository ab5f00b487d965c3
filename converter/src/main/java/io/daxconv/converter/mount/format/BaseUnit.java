package io.daxconv.converter.mount.format;

import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.text.Escapes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The base of a plan as a mount unit of systemd (systemd.mount(5)). */
final class BaseUnit {
  private BaseUnit() {}

  static String name(SpecFormat format, MountPlan plan) throws MountPlanException {
    return UnitFile.mountUnit(format, plan.base().toString());
  }

  static String type(MountPlan plan) {
    return plan.target().view().filesystem();
  }

  /** What is mounted, as mount(8) takes it. */
  static String source(MountPlan plan) {
    return switch (plan.target()) {
      case BaseTarget.Physical _, BaseTarget.DeviceDax _, BaseTarget.DmaBuf _ -> "none";
      case BaseTarget.ImageFile _ -> plan.image().toString();
      case BaseTarget.Pmem pmem -> pmem.device();
    };
  }

  static PlanFile render(SpecFormat format, MountPlan plan) throws MountPlanException {
    Rules.requireStandingBase(format, plan);
    requirePlain(format, plan.base());
    requirePlain(format, plan.image());
    UnitFile unit = new UnitFile();
    unit.comment("Made by daxconv mount-spec. What is shared: " + plan.sharing().text() + ".");
    plan.warnings().forEach(warning -> unit.comment("Warning: " + warning + "."));
    unit.section("Unit");
    unit.line("Description", "Base image of the containers of " + plan.name());
    order(unit);
    if (plan.target() instanceof BaseTarget.ImageFile) {
      unit.line("RequiresMountsFor", UnitFile.word(plan.image().toString()));
    }
    List<String> options = new ArrayList<>(plan.baseOptions());
    if (plan.target() instanceof BaseTarget.ImageFile) {
      options.add("loop");
    }
    unit.section("Mount");
    unit.line("What", UnitFile.value(source(plan)));
    unit.line("Where", UnitFile.value(plan.base().toString()));
    unit.line("Type", type(plan));
    unit.line("Options", UnitFile.value(String.join(",", options)));
    return new PlanFile(name(format, plan), unit.text());
  }

  /** Nothing that local-fs.target waits for: the directories are made after it. */
  static void order(UnitFile unit) {
    unit.line("DefaultDependencies", "no");
    unit.line("After", "local-fs.target");
    unit.line("Conflicts", "umount.target");
    unit.line("Before", "umount.target");
  }

  /**
   * systemd strips the ends of lines, joins lines that end with a backslash, and puts variables
   * into the command lines that it makes of mount units (its function replace_env_argv).
   */
  static void requirePlain(SpecFormat format, Path path) throws MountPlanException {
    Rules.requireWithout(format, path, "");
    String text = path.toString();
    if (text.endsWith(" ") || text.endsWith("\\") || text.contains("$$") || text.contains("${")) {
      throw new MountPlanException(
          ("format %s: expected a path without $$ and ${ that does not end with a space or"
                  + " backslash, found %s")
              .formatted(format, Escapes.quote(text)));
    }
  }
}
