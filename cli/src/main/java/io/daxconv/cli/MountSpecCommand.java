package io.daxconv.cli;

import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.mount.ImageFacts;
import io.daxconv.converter.mount.MountFormat;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says how an image is mounted once and shared by containers. */
@Command(
    name = "mount-spec",
    description =
        "Print how N containers share a DAXFS file: the base mounted once, an overlay each.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class MountSpecCommand implements Callable<Integer> {
  private final Streams streams;

  @Spec private CommandSpec spec;

  @Mixin private ImageFile image;

  @Mixin private PlanOptions options;

  @Option(
      names = "--format",
      defaultValue = "shell",
      paramLabel = "FORMAT",
      description = "shell (the default) or json")
  private MountFormat format;

  MountSpecCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    try {
      return print(image.path());
    } catch (MountPlanException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private int print(Path file) throws IOException {
    MountPlan plan;
    try (DaxfsImage opened = DaxfsImage.open(file)) {
      plan = options.plan(file, opened, ImageFacts.of(opened), streams);
    }
    plan.warnings().forEach(warning -> streams.err().println("daxconv: " + warning));
    streams.out().print(format.render(plan));
    return Main.DONE;
  }
}
