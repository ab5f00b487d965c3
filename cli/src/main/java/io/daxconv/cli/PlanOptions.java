package io.daxconv.cli;

import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.mount.ContainerNames;
import io.daxconv.converter.mount.IdMapping;
import io.daxconv.converter.mount.ImageFacts;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.OverlayOptions;
import io.daxconv.converter.mount.OverlayOptions.RedirectDir;
import io.daxconv.converter.mount.OverlayOptions.Xino;
import io.daxconv.converter.mount.PlanDirectories;
import io.daxconv.converter.mount.Upper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that make a mount plan. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PlanOptions {
  @Option(
      names = {"-n", "--containers"},
      paramLabel = "N",
      description = "how many containers, called c1, c2, .. (default: 1)")
  private @Nullable Integer containers;

  @Option(
      names = "--names",
      paramLabel = "NAME,..",
      description = "the containers by their names, instead of --containers")
  private @Nullable String names;

  @Option(
      names = "--image",
      paramLabel = "NAME",
      description = "which image, of a file that daxconv pack made of several")
  private @Nullable String packed;

  @Mixin private BaseOptions from;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "what the plan is called (default: the file's name, with --image FILE-NAME)")
  private @Nullable String name;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description = "the plan's own directory (default: /run/daxconv/NAME)")
  private @Nullable Path root;

  @Option(
      names = "--base",
      paramLabel = "DIR",
      description = "where the base is mounted (default: ROOT/base)")
  private @Nullable Path base;

  @Option(
      names = "--merged",
      paramLabel = "DIR",
      description = "containers' root filesystems are DIR/NAME (default: ROOT/NAME/merged)")
  private @Nullable Path merged;

  @Option(
      names = "--upper",
      paramLabel = "UPPER",
      description = {
        "where containers write:",
        "  DIR            to DIR/NAME/upper (default: ROOT/NAME/upper)",
        "  tmpfs[:SIZE]   to memory, at most SIZE (such as 64m) each",
        "  none           nowhere, they are read-only"
      })
  private @Nullable String upper;

  @Option(names = "--volatile", description = "never sync uppers; a crash loses them")
  private boolean volatileUpper;

  @Option(names = "--metacopy", description = "changes of owner or mode copy no data to upper")
  private boolean metacopy;

  @Option(
      names = "--redirect-dir",
      paramLabel = "HOW",
      description =
          "on, follow, nofollow or off: renaming of the base's directories (default: on; with"
              + " --userxattr nofollow)")
  private @Nullable RedirectDir redirectDir;

  @Option(
      names = "--xino",
      defaultValue = "ON",
      paramLabel = "HOW",
      description = "on, auto or off: lasting inode numbers on one device number (default: on)")
  private Xino xino;

  @Option(
      names = "--userxattr",
      description = "overlayfs's xattrs are user.overlay.*, for user namespaces")
  private boolean userxattr;

  @Option(
      names = "--selinux-context",
      paramLabel = "CONTEXT",
      description = "the context that all files of containers show")
  private @Nullable String context;

  @Option(
      names = "--id-map",
      paramLabel = "INSIDE:HOST:COUNT",
      description = "the image's ids as others of the host, such as 0:100000:65536 (EROFS only)")
  private @Nullable String idMap;

  /**
   * What the file says of the image that is wanted.
   *
   * @throws MountPlanException if it is not clear which of several, or it is not there
   */
  ImageFacts facts(DaxfsImage image) throws IOException {
    return ImageFacts.of(image, packed);
  }

  /**
   * The plan for an image.
   *
   * @param facts as {@link #facts} gave them
   * @throws MountPlanException if the options do not go together, or with the image
   */
  MountPlan plan(Path file, DaxfsImage image, ImageFacts facts, Streams streams)
      throws IOException {
    Superblock superblock = image.superblock();
    String planName = name == null ? usualName(file) : name;
    Path planRoot = root == null ? MountPlan.defaultRoot(planName) : root;
    PlanDirectories usual = PlanDirectories.below(planRoot);
    return MountPlan.of(
            planName,
            file,
            superblock.totalSize(),
            superblock.blockSize(),
            from.choice(image, streams),
            new PlanDirectories(
                planRoot,
                base == null ? usual.base() : base,
                merged == null ? usual.merged() : merged),
            overlayOptions(planRoot),
            containerNames())
        .withPackedImage(facts.packed())
        .withFileCapabilities(facts.fileCapabilities());
  }

  private String usualName(Path file) {
    return packed == null ? MountPlan.nameOf(file) : MountPlan.nameOf(file, packed);
  }

  private List<String> containerNames() throws MountPlanException {
    if (names == null) {
      return ContainerNames.numbered(containers == null ? 1 : containers);
    }
    List<String> parsed = ContainerNames.parse(names);
    if (containers != null && containers != parsed.size()) {
      throw new MountPlanException(
          "--containers: expected the number of --names, "
              + parsed.size()
              + ", or nothing, found "
              + containers);
    }
    return parsed;
  }

  private OverlayOptions overlayOptions(Path planRoot) throws MountPlanException {
    RedirectDir redirect =
        redirectDir != null ? redirectDir : userxattr ? RedirectDir.NOFOLLOW : RedirectDir.ON;
    return new OverlayOptions(
        upper == null ? new Upper.Directory(planRoot) : Upper.parse(upper),
        volatileUpper,
        metacopy,
        redirect,
        xino,
        userxattr,
        context,
        idMap == null ? null : IdMapping.parse(idMap));
  }
}
