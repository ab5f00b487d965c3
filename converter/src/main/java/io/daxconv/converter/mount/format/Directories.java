package io.daxconv.converter.mount.format;

import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.Overlay;
import io.daxconv.converter.mount.ShellScript;
import io.daxconv.converter.mount.process.ImageProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The directories that must be there before what a plan mounts, as commands. */
final class Directories {
  private Directories() {}

  /** One command for each, words in single quotes where they need it. */
  static List<String> commands(SpecFormat format, MountPlan plan, ImageProcess process)
      throws MountPlanException {
    List<String> commands = new ArrayList<>();
    commands.add("install -d -m 700 " + word(format, plan.root()));
    commands.add("install -d " + word(format, plan.base()));
    for (Overlay overlay : plan.overlays()) {
      commands.add("install -d " + word(format, overlay.merged()));
      Overlay.Writes writes = overlay.writes();
      if (writes != null) {
        commands.add("install -d " + word(format, writes.work()));
        commands.add(
            "install -d -m %o -o %d -g %d %s"
                .formatted(
                    process.root().mode(),
                    process.root().uid(),
                    process.root().gid(),
                    word(format, writes.upper())));
      }
    }
    return commands;
  }

  private static String word(SpecFormat format, Path path) throws MountPlanException {
    Rules.requireWithout(format, path, "");
    String text = path.toString();
    return text.matches("[A-Za-z0-9/._-]+") ? text : ShellScript.quote(text);
  }
}
