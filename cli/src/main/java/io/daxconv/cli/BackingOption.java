package io.daxconv.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The backing file of a split image, where a command reads one. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BackingOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--backing",
      paramLabel = "FILE",
      description = "the file with the data of an image in split mode")
  private @Nullable Path backing;

  /**
   * The file, which can be opened; null where none is named.
   *
   * @throws picocli.CommandLine.ParameterException if it cannot
   */
  @Nullable Path path() {
    return backing == null ? null : ImageFile.readable(spec, backing);
  }
}
