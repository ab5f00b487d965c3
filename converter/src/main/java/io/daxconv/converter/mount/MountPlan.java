package io.daxconv.converter.mount;

import io.daxconv.converter.text.Escapes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How containers share one image: its base is mounted once and read-only, and each container gets
 * an overlay over it. Unless something else is asked for, everything is below one root directory:
 * {@code base}, and {@code upper}, {@code work} and {@code merged} in {@code c1}, {@code c2}, and
 * so on.
 *
 * @param name letters, digits, {@code .}, {@code _} and {@code -}; DAXFS shows it as {@code name=}
 * @param image the file, absolute
 * @param imageSize its bytes
 * @param blockSize the page size of kernels that can mount its DAXFS view
 * @param choice from where the base is mounted, and why
 * @param directories where the mounts are
 * @param options how the overlays are mounted
 * @param packedImage the name of the one of several images that containers get, which is the name
 *     of its directory in the base; null where they get all of the base
 * @param overlays one for each container
 * @param warnings what will not work under this plan, each a sentence of printable ASCII
 */
public record MountPlan(
    String name,
    Path image,
    long imageSize,
    int blockSize,
    BaseChoice choice,
    PlanDirectories directories,
    OverlayOptions options,
    @Nullable String packedImage,
    List<Overlay> overlays,
    List<String> warnings) {

  /** How many containers a plan may have. */
  public static final int MOST_CONTAINERS = 10_000;

  private static final int LONGEST_NAME = 64;

  public MountPlan {
    overlays = List.copyOf(overlays);
    warnings = List.copyOf(warnings);
  }

  /** Plans the mounts of an image from a target that was asked for. */
  public static MountPlan of(
      String name,
      Path image,
      long imageSize,
      int blockSize,
      BaseTarget target,
      Path root,
      int containers)
      throws MountPlanException {
    return of(name, image, imageSize, blockSize, BaseChoice.asked(target), root, containers);
  }

  /**
   * Plans the mounts of an image, everything below one root directory.
   *
   * @throws MountPlanException if the target cannot hold the image, a path is not text, or the
   *     number of containers is out of range
   */
  public static MountPlan of(
      String name,
      Path image,
      long imageSize,
      int blockSize,
      BaseChoice choice,
      Path root,
      int containers)
      throws MountPlanException {
    return of(
        name,
        image,
        imageSize,
        blockSize,
        choice,
        PlanDirectories.below(root),
        OverlayOptions.standard(new Upper.Directory(root)),
        ContainerNames.numbered(containers));
  }

  /**
   * Plans the mounts of an image.
   *
   * @param containers the names of the containers
   * @throws MountPlanException if the target cannot hold the image, a path is not text, directories
   *     lie in each other, or options contradict each other
   */
  public static MountPlan of(
      String name,
      Path image,
      long imageSize,
      int blockSize,
      BaseChoice choice,
      PlanDirectories directories,
      OverlayOptions options,
      List<String> containers)
      throws MountPlanException {
    if (!ContainerNames.isName(name)) {
      throw new MountPlanException(
          "name: expected letters, digits, '.', '_' and '-', at most "
              + LONGEST_NAME
              + ", found "
              + Escapes.quote(name));
    }
    ContainerNames.check(containers);
    requireRoom(choice.target(), imageSize, blockSize);
    options.check(choice.target().view());
    PlanDirectories absolute = directories.absolute();
    if (absolute.root().getParent() == null) {
      throw new MountPlanException("root directory: expected one of the plan's own, found \"/\"");
    }
    Upper upper =
        options.upper() instanceof Upper.Directory(Path directory)
            ? new Upper.Directory(absolute("upper directory", directory))
            : options.upper();
    Path file = absolute("image", image);
    List<Overlay> overlays =
        containers.stream().map(container -> absolute.overlay(container, upper)).toList();
    PlanDirectories.requireApart(file, absolute, overlays);
    return new MountPlan(
        name,
        file,
        imageSize,
        blockSize,
        choice,
        absolute,
        options.with(upper),
        null,
        overlays,
        List.of());
  }

  /**
   * The same plan for one of the images that are packed into the file: what is below its directory
   * is all that containers get of the base.
   *
   * @param packed its name, which is its directory's; null for all of the base
   * @throws MountPlanException if it is no name
   */
  public MountPlan withPackedImage(@Nullable String packed) throws MountPlanException {
    if (packed == null) {
      return this;
    }
    if (!ContainerNames.isName(packed)) {
      throw new MountPlanException(
          "packed image: expected a name of letters, digits, '.', '_' and '-', found "
              + Escapes.quote(packed));
    }
    Path lower = base().resolve(packed);
    return new MountPlan(
        name,
        image,
        imageSize,
        blockSize,
        choice,
        directories,
        options,
        packed,
        overlays.stream().map(overlay -> overlay.over(lower)).toList(),
        warnings);
  }

  /**
   * The same plan with a warning if it takes something from files: DAXFS has no xattrs, so that
   * programs with file capabilities (capabilities(7), {@code security.capability}) run without.
   *
   * @param fileCapabilities how many files of the image have file capabilities
   */
  public MountPlan withFileCapabilities(long fileCapabilities) {
    if (fileCapabilities == 0 || target().view() == ImageView.EROFS) {
      return this;
    }
    String warning =
        (fileCapabilities == 1
                ? "1 file of the image has file capabilities, which DAXFS does not hold: it runs"
                : fileCapabilities
                    + " files of the image have file capabilities, which DAXFS does not hold: they"
                    + " run")
            + " without; the EROFS view has them";
    return new MountPlan(
        name,
        image,
        imageSize,
        blockSize,
        choice,
        directories,
        options,
        packedImage,
        overlays,
        Stream.concat(warnings.stream(), Stream.of(warning)).toList());
  }

  /** A plan's name for an image: its file's name without {@code .daxfs}, other characters as -. */
  public static String nameOf(Path image) {
    Path file = image.getFileName();
    String name = file == null ? "" : file.toString();
    if (name.endsWith(".daxfs")) {
      name = name.substring(0, name.length() - ".daxfs".length());
    }
    name = name.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[._-]+", "");
    name = name.substring(0, Math.min(name.length(), LONGEST_NAME));
    return name.isEmpty() ? "image" : name;
  }

  /**
   * A plan's name for one of several images of a file, such as {@code pool-web}: plans for two of
   * them can be up at once.
   *
   * @param packed its name
   */
  public static String nameOf(Path image, String packed) {
    String file = nameOf(image);
    int left = LONGEST_NAME - packed.length() - 1;
    return left < 1 ? packed : file.substring(0, Math.min(file.length(), left)) + "-" + packed;
  }

  /** The root directory of a plan of that name, unless another is wanted. */
  public static Path defaultRoot(String name) {
    return PlanDirectories.defaultRoot(name);
  }

  /** Where the image lies when it is mounted. */
  public BaseTarget target() {
    return choice.target();
  }

  /** Where the base is mounted. */
  public Path base() {
    return directories.base();
  }

  /** What all overlays lie over: the base, or the directory in it of one of several images. */
  public Path lower() {
    return packedImage == null ? base() : base().resolve(packedImage);
  }

  /** The directory of the plan's own. */
  public Path root() {
    return directories.root();
  }

  /** What the containers share. */
  public Sharing sharing() {
    return Sharing.of(target());
  }

  /** The base's mount options, but for those that only the machine that mounts it knows. */
  public List<String> baseOptions() {
    return MountSteps.baseOptions(this);
  }

  /** The options of a container's own tmpfs, joined with commas. */
  public String tmpfsOptions() {
    return MountSteps.tmpfsOptions(this);
  }

  /** Options of the overlays beside the directories, joined with commas, for mount(8). */
  public String overlayOptions() {
    return options.joined();
  }

  /** Whether containers' uppers are elsewhere than below the root directory. */
  boolean hasOtherUppers() {
    return options.upper() instanceof Upper.Directory(Path directory) && !directory.equals(root());
  }

  private static void requireRoom(BaseTarget target, long imageSize, int blockSize)
      throws MountPlanException {
    if (!(target instanceof BaseTarget.Physical physical)) {
      return;
    }
    if (physical.size() < imageSize) {
      throw new MountPlanException(
          "base target %s: expected room for the image's %d bytes, found %d"
              .formatted(physical, imageSize, physical.size()));
    }
    if (Long.remainderUnsigned(physical.address(), blockSize) != 0) {
      throw new MountPlanException(
          "base target %s: expected an address at a multiple of the image's block size %d"
              .formatted(physical, blockSize));
    }
  }

  /** A path that reaches shell and JSON with the bytes that it has on disk. */
  static Path absolute(String what, Path path) throws MountPlanException {
    Path absolute = path.toAbsolutePath();
    String text = absolute.toString();
    if (text.indexOf('\ufffd') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new MountPlanException(
          what + ": expected a path in UTF-8, found " + Escapes.quote(text));
    }
    return absolute;
  }
}
