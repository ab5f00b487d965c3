package io.daxconv.converter.mount;

import io.daxconv.converter.text.Escapes;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where a plan's mounts are; all paths are absolute.
 *
 * @param root the directory of the plan's own
 * @param base where the base is mounted
 * @param merged where containers' root filesystems are, {@code NAME} each; the root directory
 *     itself stands for {@code ROOT/NAME/merged}
 */
public record PlanDirectories(Path root, Path base, Path merged) {
  static final String BASE = "base";
  static final String UPPERS = "uppers";
  static final String MERGED = "merged";
  static final String UPPER = "upper";
  static final String WORK = "work";
  static final String TMPFS = "tmpfs";

  private static final Path DEFAULT_ROOT = Path.of("/run/daxconv");

  /** The root directory of a plan of that name, unless another is wanted. */
  public static Path defaultRoot(String name) {
    return DEFAULT_ROOT.resolve(name);
  }

  /** Everything below one root directory. */
  public static PlanDirectories below(Path root) {
    return new PlanDirectories(root, root.resolve(BASE), root);
  }

  /** Whether the base is mounted elsewhere than below the root directory. */
  boolean hasOtherBase() {
    return !base.equals(root.resolve(BASE));
  }

  /** Whether root filesystems are elsewhere than below the root directory. */
  boolean hasOtherMerged() {
    return !merged.equals(root);
  }

  Overlay overlay(String name, Upper upper) {
    Path container = root.resolve(name);
    Overlay.Writes writes =
        switch (upper) {
          case Upper.Directory(Path directory) ->
              new Overlay.Writes(
                  directory.resolve(name).resolve(UPPER),
                  directory.resolve(name).resolve(WORK),
                  null);
          case Upper.Tmpfs _ ->
              new Overlay.Writes(
                  container.resolve(TMPFS).resolve(UPPER),
                  container.resolve(TMPFS).resolve(WORK),
                  container.resolve(TMPFS));
          case Upper.None _ -> null;
        };
    return new Overlay(
        name, base, writes, hasOtherMerged() ? merged.resolve(name) : container.resolve(MERGED));
  }

  PlanDirectories absolute() throws MountPlanException {
    return new PlanDirectories(
        MountPlan.absolute("root directory", root),
        MountPlan.absolute("base directory", base),
        MountPlan.absolute("merged directory", merged));
  }

  /** Refuses mounts inside of each other, which would hide one or show another twice. */
  static void requireApart(Path image, PlanDirectories directories, List<Overlay> overlays)
      throws MountPlanException {
    Set<Path> taken = new HashSet<>();
    for (Path path : paths(directories, overlays)) {
      if (!taken.add(path)) {
        throw new MountPlanException(
            "directories: expected each for one purpose, found " + shown(path) + " for two");
      }
    }
    for (Path path :
        Stream.concat(Stream.of(image), paths(directories, overlays).stream()).toList()) {
      for (Path above = path.getParent(); above != null; above = above.getParent()) {
        if (taken.contains(above)) {
          throw new MountPlanException(
              "directories: expected mounts and uppers apart, found "
                  + shown(path)
                  + " in "
                  + shown(above));
        }
      }
    }
  }

  private static List<Path> paths(PlanDirectories directories, List<Overlay> overlays) {
    return Stream.concat(
            Stream.of(directories.base),
            overlays.stream()
                .flatMap(
                    overlay -> {
                      Overlay.Writes writes = overlay.writes();
                      return writes == null
                          ? Stream.of(overlay.merged())
                          : Stream.of(overlay.merged(), writes.upper(), writes.work());
                    }))
        .map(Path::normalize)
        .toList();
  }

  private static String shown(Path path) {
    return Escapes.quote(path.toString());
  }
}
