package io.daxconv.converter.mount.format;

import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.ShellScript;
import io.daxconv.converter.mount.Upper;
import io.daxconv.converter.mount.process.ImageProcess;
import java.util.ArrayList;
import java.util.List;

/**
 * Podman's containers over the base: {@code --rootfs BASE:O}, with which Podman makes an overlay
 * for each and keeps what is written in its own storage (podman-run(1)).
 */
final class Podman {
  private Podman() {}

  /** The shell script of the plan, with Podman in the place of mount for the overlays. */
  static String script(MountPlan plan, ImageProcess process) throws MountPlanException {
    Rules.requireNoIdMapping(SpecFormat.PODMAN, plan);
    Rules.requireWithout(SpecFormat.PODMAN, plan.lower(), ":,");
    StringBuilder words = new StringBuilder();
    for (String option : options(plan, process)) {
      words.append("    ").append(ShellScript.quote(option)).append(" \\\n");
    }
    StringBuilder arguments = new StringBuilder();
    for (String argument : arguments(process)) {
      arguments.append(" \\\n    ").append(ShellScript.quote(argument));
    }
    return ShellScript.render(
        plan,
        """
        # Podman makes the overlays, over the base, and keeps what a container writes until it is
        # removed. PODMAN and PODMAN_RUN can be set to the command and to more options for run.
        mount_container() {
          ${PODMAN:-podman} run ${PODMAN_RUN-} --detach --name "$name-$1" --hostname "$1" \\
        %s    --rootfs "${other_base:-$root/base}${lower#base}:O"%s >/dev/null
        }

        # down removes containers, and with them what they wrote.
        unmount_container() {
          ${PODMAN:-podman} rm --force --ignore "$name-$1" >/dev/null
        }

        remove_container() {
          :
        }

        merged_not_mounted() {
          :
        }
        """
            .formatted(words, arguments));
  }

  /** Options of {@code podman run} but for the name and the root filesystem. */
  static List<String> options(MountPlan plan, ImageProcess process) {
    List<String> options = new ArrayList<>();
    if (!process.entrypoint().isEmpty()) {
      options.add("--entrypoint=" + Json.array(process.entrypoint()));
    }
    process.environment().forEach(variable -> options.add("--env=" + variable));
    options.add("--workdir=" + process.workingDirectory());
    if (!process.userText().isEmpty()) {
      options.add("--user=" + process.userText());
    }
    if (!process.stopSignal().isEmpty()) {
      options.add("--stop-signal=" + process.stopSignal());
    }
    if (plan.options().upper() instanceof Upper.None) {
      options.add("--read-only");
    }
    return options;
  }

  /** What stands behind the root filesystem. */
  static List<String> arguments(ImageProcess process) {
    return process.entrypoint().isEmpty() ? process.arguments() : process.command();
  }
}
