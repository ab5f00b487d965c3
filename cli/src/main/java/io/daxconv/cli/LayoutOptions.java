package io.daxconv.cli;

import io.daxconv.converter.AddedFile;
import io.daxconv.converter.Budgets;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Placement;
import io.daxconv.converter.TreeChanges;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a file is laid out that one or more images are made into. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LayoutOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private RegionOptions regions;

  @Option(
      names = "--no-overlay",
      description =
          "leave out the overlay region of two blocks; nothing executes from a mount then")
  private boolean noOverlay;

  @Option(
      names = "--no-erofs",
      description =
          "leave out the EROFS view, by which every Linux without DAXFS can mount the file")
  private boolean noErofs;

  @Option(
      names = "--backing",
      paramLabel = "FILE",
      description =
          "split mode: the data of regular files goes to FILE, an EROFS image of its own, and only"
              + " metadata, overlay and page cache stand in the DAXFS file")
  private @Nullable Path backing;

  @Option(
      names = "--align-large",
      paramLabel = "SIZE",
      description =
          "files of this size or more start at a multiple of it, such as 2M, for huge pages; the"
              + " cost is told")
  private @Nullable String alignLarge;

  @Option(
      names = "--add",
      paramLabel = "SRC:DEST[:MODE]",
      description = "put a file or directory of this machine into the image; can be repeated")
  private List<String> added = new ArrayList<>();

  @Option(
      names = "--uid-shift",
      defaultValue = "0",
      paramLabel = "N",
      description = "add N to every owner and group, for containers in a user namespace from N on")
  private long uidShift;

  @Option(
      names = "--record-source",
      description =
          "say in the file where the image was found; the bytes then differ from source to source")
  private boolean recordSource;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "layers read at once (default: one a processor); never changes the result")
  private int jobs = ConversionOptions.DEFAULT.jobs();

  /**
   * The options as the converter takes them.
   *
   * @throws ParameterException if they are none, or do not go together
   */
  ConversionOptions options(Budgets budgets) {
    try {
      if (noOverlay && regions.isOverlayAsked()) {
        throw new IllegalArgumentException(
            "overlay: expected --no-overlay, or --overlay and --buckets, found both");
      }
      return new ConversionOptions(
          regions.pageSize(),
          noOverlay ? null : regions.overlay(backing != null),
          !noErofs,
          recordSource,
          jobs,
          budgets,
          new Placement(
              alignLarge == null ? 0 : Sizes.parse("align-large", alignLarge),
              backing,
              regions.pageCacheSlots()),
          new TreeChanges(added.stream().map(AddedFile::parse).toList(), uidShift));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
