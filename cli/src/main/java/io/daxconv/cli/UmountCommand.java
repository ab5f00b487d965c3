package io.daxconv.cli;

import io.daxconv.converter.running.ImageMount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Unmounts an image. */
@Command(
    name = "umount",
    description =
        "Unmount an image from a directory; nothing else that is mounted there. Needs root.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class UmountCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "where the image is mounted")
  private Path directory;

  @Mixin private StateOptions state;

  @Override
  public Integer call() throws IOException {
    ImageMount.unmount(directory, state.directory());
    return Main.DONE;
  }
}
