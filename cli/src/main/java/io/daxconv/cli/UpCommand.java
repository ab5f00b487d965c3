package io.daxconv.cli;

import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.Overlay;
import io.daxconv.converter.running.PlanStatus;
import io.daxconv.converter.running.StateDirectory;
import io.daxconv.converter.running.Up;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Carries out a mount plan. */
@Command(
    name = "up",
    description = {
      "Mount a DAXFS file once, and an overlay over it for each of N containers. Needs root.",
      "What is done is recorded before it is done, so that daxconv down undoes just that."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class UpCommand implements Callable<Integer> {
  private static final int MOST_SHOWN = 5;

  private final Streams streams;

  @Spec private CommandSpec spec;

  @Mixin private ImageFile image;
  @Mixin private PlanOptions options;
  @Mixin private StateOptions state;
  @Mixin private OutputOptions say;

  UpCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Path file = image.path();
    MountPlan plan = plan(file);
    plan.warnings().forEach(warning -> streams.err().println("daxconv: " + warning));
    StateDirectory states = state.directory();
    Up.run(plan, states);
    if (say.json) {
      for (PlanStatus status : PlanStatus.all(states)) {
        if (status.name().equals(plan.name())) {
          Json.print(streams.out(), PlanListing.json(status));
        }
      }
    } else if (!say.quiet) {
      print(file, plan);
    }
    return Main.DONE;
  }

  private MountPlan plan(Path file) throws IOException {
    try (DaxfsImage opened = DaxfsImage.open(file)) {
      return options.plan(file, opened, options.facts(opened), streams);
    } catch (MountPlanException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void print(Path file, MountPlan plan) {
    Lines lines = new Lines(streams.out());
    List<Overlay> overlays = plan.overlays();
    lines.heading(
        ShellWord.file(file.toString())
            + ": "
            + Sizes.count(overlays.size(), "container", "containers")
            + " up as "
            + plan.name());
    lines.command("base", ShellWord.quote(plan.base().toString()));
    for (Overlay overlay : overlays.subList(0, Math.min(MOST_SHOWN, overlays.size()))) {
      lines.command(overlay.name(), ShellWord.quote(overlay.merged().toString()));
    }
    if (overlays.size() > MOST_SHOWN) {
      lines.field("...", Sizes.count(overlays.size() - MOST_SHOWN, "more", "more"));
    }
    lines.command("next", "daxconv ps; daxconv down " + plan.name());
  }
}
