package io.daxconv.cli;

import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.erofs.ErofsSuperblock;
import io.daxconv.converter.mount.BaseChoice;
import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.ImageView;
import io.daxconv.converter.mount.KernelFilesystems;
import io.daxconv.converter.mount.MountFormat;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final Path FILESYSTEMS = Path.of("/proc/filesystems");

  private final Streams streams;

  @Spec private CommandSpec spec;

  @Mixin private ImageFile image;

  @Option(
      names = {"-n", "--containers"},
      defaultValue = "1",
      paramLabel = "N",
      description = "how many containers (default: ${DEFAULT-VALUE})")
  private int containers;

  @Option(
      names = "--target",
      paramLabel = "TARGET",
      description = {
        "where the image lies when it is mounted, as DAXFS:",
        "  phys:ADDRESS:SIZE   physical memory where it stands already",
        "  device-dax:daxX.Y   a device-DAX instance, filled by the plan",
        "  dma-buf[:HEAP]      allocated and filled by the plan (heap system)",
        "as EROFS:",
        "  file                the file itself",
        "  pmem:/dev/pmemN     a pmem device where it stands already",
        "(default: file; with --view daxfs: dma-buf)"
      })
  private @Nullable String target;

  @Option(
      names = "--view",
      paramLabel = "VIEW",
      description = {
        "daxfs or erofs (default: daxfs if this kernel has it and a target in memory is given,",
        "else erofs)"
      })
  private @Nullable ImageView view;

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
    try {
      return print(image.path());
    } catch (MountPlanException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private int print(Path file) throws IOException {
    Superblock superblock;
    boolean hasErofs;
    try (DaxfsImage opened = DaxfsImage.open(file)) {
      superblock = opened.superblock();
      hasErofs = ErofsSuperblock.read(opened.bytes()).magic() == ErofsSuperblock.MAGIC;
    }
    BaseTarget wanted = target == null ? null : BaseTarget.parse(target);
    BaseChoice choice = BaseChoice.of(view, wanted, hasErofs, kernelFilesystems());
    if (wanted != null && !choice.target().equals(wanted)) {
      streams
          .err()
          .println("daxconv: mounted as " + choice.target().view() + ": " + choice.reason());
    }
    String planName = name == null ? MountPlan.nameOf(file) : name;
    MountPlan plan =
        MountPlan.of(
            planName,
            file,
            superblock.totalSize(),
            superblock.blockSize(),
            choice,
            root == null ? MountPlan.defaultRoot(planName) : root,
            containers);
    streams.out().print(format.render(plan));
    return Main.DONE;
  }

  /** Of the kernel that this runs on; a kernel without the list is not Linux and has neither. */
  private static KernelFilesystems kernelFilesystems() throws IOException {
    return Files.exists(FILESYSTEMS)
        ? KernelFilesystems.parse(Files.readString(FILESYSTEMS))
        : KernelFilesystems.NONE;
  }
}
