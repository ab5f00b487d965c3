package io.daxconv.cli;

import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.MountFormat;
import io.daxconv.converter.mount.MountPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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

  @Parameters(paramLabel = "FILE", description = "the DAXFS file")
  private Path file;

  @Option(
      names = {"-n", "--containers"},
      defaultValue = "1",
      paramLabel = "N",
      description = "how many containers (default: ${DEFAULT-VALUE})")
  private int containers;

  @Option(
      names = "--target",
      defaultValue = "dma-buf",
      paramLabel = "TARGET",
      description = {
        "where in memory the image lies when it is mounted:",
        "  dma-buf[:HEAP]      allocated and filled by the plan (the default, heap system)",
        "  device-dax:daxX.Y   a device-DAX instance, filled by the plan",
        "  phys:ADDRESS:SIZE   physical memory where it stands already"
      })
  private String target;

  @Option(
      names = "--format",
      defaultValue = "shell",
      paramLabel = "FORMAT",
      description = "shell (the default) or json")
  private MountFormat format;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "what the plan is called (default: the file's name)")
  private @Nullable String name;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "the directory for all mounts (default: /run/daxconv/NAME)")
  private @Nullable Path root;

  MountSpecCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    Superblock superblock;
    try (DaxfsImage image = DaxfsImage.open(file)) {
      superblock = image.superblock();
    }
    String planName = name == null ? MountPlan.nameOf(file) : name;
    MountPlan plan =
        MountPlan.of(
            planName,
            file,
            superblock.totalSize(),
            superblock.blockSize(),
            BaseTarget.parse(target),
            root == null ? MountPlan.defaultRoot(planName) : root,
            containers);
    streams.out().print(format.render(plan));
    return Main.DONE;
  }
}
