package io.daxconv.cli;

import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.running.ImageMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Mounts an image on a directory. */
@Command(
    name = "mount",
    description = {
      "Mount a DAXFS file on a directory, read-only. Needs root.",
      "Set-user-ID bits and devices of the image have no effect there, unless --trusted."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class MountCommand implements Callable<Integer> {
  private final Streams streams;

  @Spec private CommandSpec spec;

  @Mixin private ImageFile image;

  @Parameters(index = "1", paramLabel = "DIR", description = "a directory that is there")
  private Path directory;

  @Mixin private BaseOptions from;

  @Option(
      names = "--trusted",
      description = "set-user-ID bits and devices of the image count, as for mount(8)")
  private boolean trusted;

  MountCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Path file = image.path();
    if (!Files.isDirectory(directory)) {
      throw new ParameterException(
          spec.commandLine(),
          directory
              + ": expected a directory, found "
              + (Files.exists(directory) ? "a file" : "nothing"));
    }
    ImageMount.mount(target(file), file, directory, trusted);
    return Main.DONE;
  }

  private BaseTarget target(Path file) throws IOException {
    try (DaxfsImage opened = DaxfsImage.open(file)) {
      return from.choice(opened, streams).target();
    } catch (MountPlanException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
