package io.daxconv.cli;

import io.daxconv.converter.load.ByteCount;
import io.daxconv.converter.load.LoadTarget;
import io.daxconv.converter.load.Loader;
import io.daxconv.converter.load.MemoryOutput;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a converted image goes if not into a file that is named. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConvertTarget {
  /** What an image is called on a tmpfs, where nothing else names it. */
  private static final String NAME = "image.daxfs";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--to",
      paramLabel = "TARGET",
      description = "instead of -o: make the image in memory itself; the targets of daxconv load")
  private @Nullable String to;

  @Option(
      names = "--to-size",
      paramLabel = "SIZE",
      description = "bytes to allocate, for dma-heap: and lazy-cma:, such as 512M")
  private @Nullable String size;

  @Mixin private LoadArguments load;

  /**
   * The file to make, if it is one.
   *
   * @param output what {@code -o} says
   */
  @Nullable Path file(@Nullable Path output) throws IOException {
    if ((output == null) == (to == null)) {
      throw misuse("expected either -o or --to, found " + (to == null ? "neither" : "both"));
    }
    if (output != null) {
      if (output.toString().isEmpty()) {
        throw misuse("--output: expected the name of a file, found an empty one");
      }
      return output;
    }
    Loader loader = memory();
    if (!loader.isFile()) {
      return null;
    }
    if (load.options().mount() != null) {
      throw misuse("--mount: expected a target in memory, found a file; daxconv mount does it");
    }
    return loader.file(NAME);
  }

  Loader memory() {
    return Loader.of(target(), load.options());
  }

  private LoadTarget target() {
    return load.target(to == null ? "" : to);
  }

  /**
   * Claims the memory.
   *
   * @param image what the image is made of
   */
  MemoryOutput open(Loader loader, String image) throws IOException {
    boolean allocated =
        target() instanceof LoadTarget.DmaHeap || target() instanceof LoadTarget.LazyCma;
    if (allocated != (size != null)) {
      throw misuse(
          allocated
              ? "--to-size: expected how many bytes to allocate, found nothing"
              : "--to-size: expected dma-heap: or lazy-cma:, found " + to);
    }
    try {
      return loader.output(image, size == null ? -1 : ByteCount.parse("--to-size", size));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
