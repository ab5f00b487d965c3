package io.daxconv.cli;

import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.mount.ImageFacts;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.format.PlanFile;
import io.daxconv.converter.mount.format.SpecFormat;
import io.daxconv.converter.mount.process.ImageProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
      description = {
        "shell (the default), json, fstab, containerd, podman, kubernetes, kernel-cmdline, qemu or",
        "cloud-hypervisor; and to a directory: systemd, oci-bundle, quadlet, firecracker"
      })
  private SpecFormat format;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "write files to this directory, which must be new or empty")
  private @Nullable Path output;

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
    if (output == null && format.hasManyFiles()) {
      throw new ParameterException(
          spec.commandLine(),
          "format " + format + ": expected --output DIR, for it makes several files");
    }
    List<PlanFile> files;
    MountPlan plan;
    try (DaxfsImage opened = DaxfsImage.open(file)) {
      ImageFacts facts = options.facts(opened);
      plan = options.plan(file, opened, facts, streams);
      files = format.render(plan, ImageProcess.of(opened, facts));
    }
    plan.warnings().forEach(warning -> streams.err().println("daxconv: " + warning));
    String sharing = format.sharing(plan);
    if (sharing != null) {
      streams.err().println("daxconv: what is shared: " + sharing);
    }
    if (output == null) {
      files.forEach(each -> streams.out().print(each.text()));
    } else {
      PlanDirectory.write(output, files);
    }
    return Main.DONE;
  }
}
