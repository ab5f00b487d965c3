package io.daxconv.cli;

import io.daxconv.converter.Converter;
import io.daxconv.converter.daxfs.EmptyImage;
import io.daxconv.converter.daxfs.OverlaySize;
import io.daxconv.converter.daxfs.PageCacheSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes an image with nothing in it. */
@Command(
    name = "create-empty",
    description = {
      "Make a DAXFS file that holds an empty root directory, to be mounted and written to.",
      "It has no EROFS view and no annex."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CreateEmptyCommand implements Callable<Integer> {
  private final Streams streams;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "OUT.daxfs",
      description = "the file to make; it appears whole or not at all")
  private Path output;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      description =
          "bytes of the whole file, such as 1G; what the rest leaves is the pool (default: a pool"
              + " of 64M)")
  private @Nullable String size;

  @Mixin private RegionOptions regions;
  @Mixin private OutputOptions say;

  CreateEmptyCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    EmptyImage image = image();
    if (output.toString().isEmpty()) {
      throw misuse("OUT.daxfs: expected the name of a file, found an empty one");
    }
    long bytes = Converter.createEmpty(image, output);
    if (say.json) {
      Json.print(
          streams.out(),
          Json.object()
              .put("file", output.toString())
              .put("size", bytes)
              .put("page_size", image.pageSize())
              .put("pool_size", image.overlay().poolBytes(image.pageSize()))
              .put("buckets", image.overlay().buckets())
              .put("pcache_slots", image.pageCache() == null ? 0 : image.pageCache().slots()));
    } else if (!say.quiet) {
      print(image, bytes);
    }
    return Main.DONE;
  }

  private void print(EmptyImage image, long bytes) {
    Lines lines = new Lines(streams.out());
    OverlaySize overlay = image.overlay();
    lines.heading(
        ShellWord.file(output.toString()) + ": " + Sizes.text(bytes) + ", " + Sizes.bytes(bytes));
    lines.field("holds", "an empty root directory");
    lines.field(
        "overlay",
        Sizes.text(overlay.poolBytes(image.pageSize()))
            + " of pool, "
            + Sizes.count(overlay.buckets(), "bucket", "buckets"));
    if (image.pageCache() != null) {
      lines.field("page cache", Sizes.count(image.pageCache().slots(), "slot", "slots"));
    }
  }

  private EmptyImage image() {
    try {
      int pageSize = regions.pageSize();
      int slots = regions.pageCacheSlots();
      PageCacheSize pageCache = slots == 0 ? null : new PageCacheSize(slots);
      if (size == null) {
        return new EmptyImage(pageSize, regions.overlay(true), pageCache);
      }
      if (regions.isPoolAsked()) {
        throw new IllegalArgumentException(
            "size: expected --size for the file or --overlay for its pool, found both");
      }
      return sized(pageSize, pageCache, Sizes.parse("size", size));
    } catch (IllegalArgumentException e) {
      throw misuse(String.valueOf(e.getMessage()));
    }
  }

  /** The largest pool with which the file is no longer than this. */
  private EmptyImage sized(int pageSize, @Nullable PageCacheSize pageCache, long bytes) {
    long most = bytes & -(long) pageSize;
    OverlaySize buckets = regions.sized(Math.min(most, OverlaySize.MOST_POOL));
    long rest =
        new EmptyImage(pageSize, new OverlaySize(pageSize, buckets.buckets()), pageCache).size()
            - pageSize;
    if (most - rest < pageSize) {
      throw new IllegalArgumentException(
          "size: expected at least " + (rest + pageSize) + " for all regions, found " + bytes);
    }
    return new EmptyImage(pageSize, new OverlaySize(most - rest, buckets.buckets()), pageCache);
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
