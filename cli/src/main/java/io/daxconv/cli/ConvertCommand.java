package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.ConversionResult;
import io.daxconv.converter.Converter;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.source.SourceImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Pulls an image and converts it. */
@Command(
    name = "pull-and-convert",
    aliases = "convert",
    description = "Make an image into one DAXFS file.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConvertCommand implements Callable<Integer> {
  private final Streams streams;

  @Spec private CommandSpec spec;

  @Mixin private ImageArguments image;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT.daxfs",
      description = "the file to make; it appears whole or not at all")
  private Path output;

  @Option(
      names = "--page-size",
      defaultValue = "4096",
      paramLabel = "BYTES",
      description = "page size of the kernels that will mount it: 4096 (the default), 16384, 65536")
  private int pageSize;

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
      names = "--record-source",
      description =
          "say in the file where the image was found; the bytes then differ from source to source")
  private boolean recordSource;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "layers read at once (default: one a processor); never changes the result")
  private int jobs = ConversionOptions.DEFAULT.jobs();

  @Mixin private OutputOptions say;

  ConvertCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    ConversionOptions options = options();
    ConversionResult result;
    try (Progress progress = Progress.of(streams, say.quiet);
        SourceImage source = image.open(streams, progress)) {
      result = Converter.convert(source, output, options, progress);
    }
    if (say.json) {
      Json.print(streams.out(), json(result));
    } else if (!say.quiet) {
      print(result);
    }
    return Main.DONE;
  }

  private ConversionOptions options() {
    try {
      return new ConversionOptions(pageSize, !noOverlay, !noErofs, recordSource, jobs);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void print(ConversionResult result) {
    Lines lines = new Lines(streams.out());
    String file = ShellWord.quote(result.file().toString());
    lines.heading(file + ": " + Sizes.text(result.size()) + ", " + Sizes.bytes(result.size()));
    lines.field("sha256", result.sha256().hex());
    lines.field(
        "holds",
        String.join(
            ", ",
            Sizes.count(result.regularFiles(), "file", "files"),
            Sizes.count(result.directories(), "directory", "directories"),
            Sizes.count(result.symlinks(), "symlink", "symlinks")));
    lines.field(
        "sharing",
        "saves "
            + Sizes.text(result.fileBytes() - result.storedBytes())
            + ": equal files are stored once");
    lines.field(
        "left out",
        "all times, xattrs of "
            + Sizes.count(result.xattrsLeftOut(), "file", "files")
            + ", "
            + Sizes.count(result.specialFilesLeftOut(), "special file", "special files")
            + "; to list them: daxconv inspect --left-out "
            + file);
    for (Remark remark : result.remarks()) {
      lines.field("remark", remark.path() + ": " + remark.detail());
    }
    lines.field("next", "daxconv mount-spec " + file + " --containers 2");
  }

  private static ObjectNode json(ConversionResult result) {
    ObjectNode json =
        Json.object()
            .put("file", result.file().toString())
            .put("size", result.size())
            .put("sha256", result.sha256().hex())
            .put("regular_files", result.regularFiles())
            .put("directories", result.directories())
            .put("symlinks", result.symlinks())
            .put("names", result.names())
            .put("file_bytes", result.fileBytes())
            .put("stored_bytes", result.storedBytes())
            .put("saved_bytes", result.fileBytes() - result.storedBytes());
    json.putObject("left_out")
        .put("times", true)
        .put("files_with_xattrs", result.xattrsLeftOut())
        .put("special_files", result.specialFilesLeftOut());
    ArrayNode remarks = json.putArray("remarks");
    for (Remark remark : result.remarks()) {
      remarks
          .addObject()
          .put("id", remark.id())
          .put("path", remark.path())
          .put("detail", remark.detail());
    }
    return json;
  }
}
