package io.daxconv.cli;

import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.erofs.ErofsSuperblock;
import io.daxconv.converter.mount.BaseChoice;
import io.daxconv.converter.mount.BaseImage;
import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.ImageView;
import io.daxconv.converter.mount.KernelFilesystems;
import io.daxconv.converter.mount.MountPlanException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say as what an image is mounted, and from where. */
final class BaseOptions {
  private static final Path FILESYSTEMS = Path.of("/proc/filesystems");

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

  /**
   * What these options choose for an image; if it is not what was asked for, standard error says
   * so.
   *
   * @throws MountPlanException if they do not go together, or with the image, or it is no base
   */
  BaseChoice choice(DaxfsImage image, Streams streams) throws IOException {
    BaseImage.check(image);
    boolean hasErofs = ErofsSuperblock.read(image.bytes()).magic() == ErofsSuperblock.MAGIC;
    BaseTarget wanted = target == null ? null : BaseTarget.parse(target);
    BaseChoice choice = BaseChoice.of(view, wanted, hasErofs, kernelFilesystems());
    if (wanted != null && !choice.target().equals(wanted)) {
      streams
          .err()
          .println("daxconv: mounted as " + choice.target().view() + ": " + choice.reason());
    }
    return choice;
  }

  /** Of the kernel that this runs on; a kernel without the list is not Linux and has neither. */
  private static KernelFilesystems kernelFilesystems() throws IOException {
    return Files.exists(FILESYSTEMS)
        ? KernelFilesystems.parse(Files.readString(FILESYSTEMS))
        : KernelFilesystems.NONE;
  }
}
