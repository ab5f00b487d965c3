package io.daxconv.cli;

import io.daxconv.converter.browse.ImageTree;
import io.daxconv.converter.mount.ImageView;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An image whose tree is read, as a command's first argument. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TreeArguments {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description =
          "the DAXFS file, or a device that holds it: /dev/pmem0, /dev/loop0, /dev/dax0.0")
  private Path file;

  @Option(
      names = "--view",
      paramLabel = "VIEW",
      description = "daxfs or erofs (default: erofs if the file has it, for it has more)")
  private @Nullable ImageView view;

  @Option(
      names = "--backing",
      paramLabel = "FILE",
      description = "the file or device with the data of an image in split mode")
  private @Nullable Path backing;

  @Option(
      names = "--escaped",
      description = "paths are as daxconv shows them: %%20 for a space, %%25 for a percent sign")
  private boolean escaped;

  /** What is done with a tree. */
  @FunctionalInterface
  interface Reading {
    int read(ImageTree tree) throws IOException;
  }

  /** The file as it was named. */
  Path file() {
    return file;
  }

  /**
   * Reads the image's tree while it is open.
   *
   * @return the exit code
   * @throws ParameterException if the file cannot be opened
   */
  int read(Reading reading) throws IOException {
    return SplitImage.read(spec, file, backing, view, reading);
  }

  /**
   * The same where the data of files is needed.
   *
   * @throws ParameterException also if the data is in a backing file that is not named
   */
  int readData(Reading reading) throws IOException {
    return read(
        tree -> {
          SplitImage.requireData(spec, tree.image());
          return reading.read(tree);
        });
  }

  /**
   * The bytes of paths in the image.
   *
   * @throws ParameterException if one is not as {@code --escaped} has it
   */
  List<byte[]> paths(List<String> arguments) {
    return arguments.stream().map(this::path).toList();
  }

  /** The bytes of one path. */
  byte[] path(String argument) {
    if (!escaped) {
      return argument.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Escapes.unescape(argument);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(),
          "--escaped: expected %XX for what is not printable ASCII, found " + argument);
    }
  }
}
