package io.daxconv.converter.mount;

import io.daxconv.converter.text.Escapes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * How containers share one image: its base is mounted once and read-only, and each container gets
 * an overlay over it. Everything is below one root directory: {@code base}, and {@code upper},
 * {@code work} and {@code merged} in {@code c1}, {@code c2}, and so on.
 *
 * @param name letters, digits, {@code .}, {@code _} and {@code -}; DAXFS shows it as {@code name=}
 * @param image the file, absolute
 * @param imageSize its bytes
 * @param blockSize the page size of kernels that can mount its DAXFS view
 * @param choice from where the base is mounted, and why
 * @param root the directory for all mounts, absolute
 * @param overlays one for each container
 */
public record MountPlan(
    String name,
    Path image,
    long imageSize,
    int blockSize,
    BaseChoice choice,
    Path root,
    List<Overlay> overlays) {

  /**
   * Overlay options beside the directories, over either view. DAXFS has no file handles, which
   * {@code index} and {@code nfs_export} would need, so these are left off. {@code redirect_dir}
   * lets a container rename directories of the base, {@code xino} gives files and directories one
   * device number and lasting inode numbers, for programs such as {@code du -x}.
   */
  public static final List<String> OVERLAY_OPTIONS = List.of("redirect_dir=on", "xino=on");

  /** How many containers a plan may have. */
  public static final int MOST_CONTAINERS = 10_000;

  private static final Path DEFAULT_ROOT = Path.of("/run/daxconv");
  private static final int LONGEST_NAME = 64;
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0," + (LONGEST_NAME - 1) + "}");

  public MountPlan {
    overlays = List.copyOf(overlays);
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
   * Plans the mounts of an image.
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
    if (!NAME.matcher(name).matches()) {
      throw new MountPlanException(
          "name: expected letters, digits, '.', '_' and '-', at most "
              + LONGEST_NAME
              + ", found "
              + Escapes.quote(name));
    }
    if (containers < 1 || containers > MOST_CONTAINERS) {
      throw new MountPlanException(
          "containers: expected 1 to " + MOST_CONTAINERS + ", found " + containers);
    }
    requireRoom(choice.target(), imageSize, blockSize);
    Path absoluteRoot = absolute("root directory", root);
    if (absoluteRoot.getParent() == null) {
      throw new MountPlanException("root directory: expected one of the plan's own, found \"/\"");
    }
    return new MountPlan(
        name,
        absolute("image", image),
        imageSize,
        blockSize,
        choice,
        absoluteRoot,
        IntStream.rangeClosed(1, containers).mapToObj(n -> Overlay.of(absoluteRoot, n)).toList());
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

  /** The root directory of a plan of that name, unless another is wanted. */
  public static Path defaultRoot(String name) {
    return DEFAULT_ROOT.resolve(name);
  }

  /** Where the image lies when it is mounted. */
  public BaseTarget target() {
    return choice.target();
  }

  /** Where the base is mounted. */
  public Path base() {
    return root.resolve(Overlay.BASE);
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
  private static Path absolute(String what, Path path) throws MountPlanException {
    Path absolute = path.toAbsolutePath();
    String text = absolute.toString();
    if (text.indexOf('\ufffd') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new MountPlanException(
          what + ": expected a path in UTF-8, found " + Escapes.quote(text));
    }
    return absolute;
  }
}
