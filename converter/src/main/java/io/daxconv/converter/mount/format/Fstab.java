package io.daxconv.converter.mount.format;

import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.Overlay;
import io.daxconv.converter.mount.process.ImageProcess;
import java.util.ArrayList;
import java.util.List;

/** A mount plan as lines of fstab(5), the base before the overlays. */
final class Fstab {
  private static final SpecFormat FORMAT = SpecFormat.FSTAB;

  private final MountPlan plan;
  private final StringBuilder lines = new StringBuilder();

  private Fstab(MountPlan plan) {
    this.plan = plan;
  }

  static String render(MountPlan plan, ImageProcess process) throws MountPlanException {
    Rules.requireNoIdMapping(FORMAT, plan);
    Rules.requireStandingBase(FORMAT, plan);
    Rules.requireNoTmpfs(FORMAT, plan);
    Fstab fstab = new Fstab(plan);
    fstab.head(process);
    fstab.base();
    for (Overlay overlay : plan.overlays()) {
      fstab.container(overlay);
    }
    return fstab.lines.toString();
  }

  private void head(ImageProcess process) throws MountPlanException {
    lines.append("# Mounts %s once, for each container an overlay.\n".formatted(plan.name()));
    lines.append("# Made by daxconv mount-spec. What is shared: ").append(plan.sharing().text());
    lines.append(".\n");
    plan.warnings().forEach(warning -> lines.append("# Warning: " + warning + ".\n"));
    lines.append("# These directories must be there before:\n");
    for (String command : Directories.commands(FORMAT, plan, process)) {
      lines.append("#   ").append(command).append('\n');
    }
  }

  private void base() throws MountPlanException {
    Rules.requireWithout(FORMAT, plan.image(), "");
    List<String> options = new ArrayList<>(plan.baseOptions());
    if (plan.target() instanceof BaseTarget.ImageFile) {
      options.add("loop");
    }
    line(BaseUnit.source(plan), plan.base().toString(), BaseUnit.type(plan), options);
  }

  private void container(Overlay overlay) throws MountPlanException {
    Rules.requireOptionPath(FORMAT, overlay.lower());
    String merged = overlay.merged().toString();
    Overlay.Writes writes = overlay.writes();
    List<String> options = new ArrayList<>();
    if (writes == null) {
      options.add("bind");
    } else {
      Rules.requireOptionPath(FORMAT, writes.upper());
      options.add("lowerdir=" + overlay.lower());
      options.add("upperdir=" + writes.upper());
      options.add("workdir=" + writes.work());
      options.add(plan.overlayOptions());
    }
    options.add("x-systemd.requires-mounts-for=" + plan.base());
    line(
        writes == null ? overlay.lower().toString() : "overlay",
        merged,
        writes == null ? "none" : "overlay",
        options);
  }

  private void line(String source, String directory, String type, List<String> options)
      throws MountPlanException {
    lines
        .append(escape(source))
        .append(' ')
        .append(escape(directory))
        .append(' ')
        .append(type)
        .append(' ')
        .append(escape(String.join(",", options)))
        .append(" 0 0\n");
  }

  /** fstab(5): fields end at spaces and tabs, and an octal escape stands for any character. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == '\\' || (c == '#' && escaped.isEmpty())) {
        escaped.append('\\').append("%03o".formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
