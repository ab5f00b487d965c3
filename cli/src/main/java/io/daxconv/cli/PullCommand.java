package io.daxconv.cli;

import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.ConversionResult;
import io.daxconv.converter.Converter;
import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.OutputException;
import io.daxconv.converter.OutputFile;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.publish.ArtifactPull;
import io.daxconv.oci.registry.RegistryImage;
import io.daxconv.oci.registry.RegistryReference;
import java.io.IOException;
import java.nio.file.FileSystemException;
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

/** Takes a converted image from a registry, or makes it. */
@Command(
    name = "pull",
    description = {
      "Take the converted image of an image from its registry, as push has put it there;",
      "where there is none, convert the image."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PullCommand implements Callable<Integer>, BudgetOptions.Reader {
  private final Streams streams;
  private final BudgetOptions budgets = new BudgetOptions();

  /** When the image is converted here. */
  enum Convert {
    NEVER,
    MISSING,
    ALWAYS
  }

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "REF",
      description = "a registry reference of an image, or of an artifact that push has made")
  private String reference;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "OUT.daxfs",
      description = "the file to make; it appears whole or not at all")
  private Path output;

  @Option(
      names = "--convert",
      paramLabel = "WHEN",
      defaultValue = "missing",
      description = "convert the image here: never, missing (the default), always")
  private Convert convert;

  @Option(
      names = "--page-size",
      defaultValue = "4096",
      paramLabel = "BYTES",
      description = "page size of the kernels that will mount it: 4096 (the default), 16384, 65536")
  private int pageSize;

  @Mixin private SourceArguments source;
  @Mixin private OutputOptions say;

  PullCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public BudgetOptions budgets() {
    return budgets;
  }

  @Override
  public Integer call() throws IOException {
    RegistryReference image = reference();
    ConversionOptions conversion = conversion();
    source.check(reference);
    if (output.toString().isEmpty()) {
      throw misuse("--output: expected the name of a file, found an empty one");
    }
    try (Progress progress = Progress.of(streams, say.quiet)) {
      SourceOptions options = source.options(streams, budgets.budgets(), progress, null);
      RegistryReference wanted = image;
      if (convert != Convert.ALWAYS) {
        try (ArtifactPull registry = ArtifactPull.openToRead(image, options)) {
          Digest made = take(registry, progress);
          if (made == null) {
            return Main.DONE;
          }
          // The very image that has no artifact, whatever its tag says by now.
          wanted = new RegistryReference(image.registry(), image.repository(), image.tag(), made);
        }
      }
      ConversionResult result;
      try (SourceImage found = RegistryImage.open(wanted, options)) {
        result = Converter.convert(found, output, conversion, progress);
      }
      tell(new ConversionReport(result, conversion.erofsView()));
    }
    return Main.DONE;
  }

  /**
   * Takes what the registry has.
   *
   * @return null if the file is there; else the manifest of the image that is to be converted
   */
  private @Nullable Digest take(ArtifactPull registry, Progress progress) throws IOException {
    ArtifactPull.Answer answer = registry.find(pageSize);
    ArtifactPull.Found found = answer.found();
    Digest image = answer.source();
    if (found != null) {
      if (found.pageSize() != pageSize) {
        throw new SourceException(
            "artifact %s: expected a converted image for pages of %d bytes, found one for %d"
                .formatted(reference, pageSize, found.pageSize()));
      }
      try {
        fetch(registry, found, progress);
        tell(found);
        return null;
      } catch (OutputException e) {
        throw e;
      } catch (RegistryException e) {
        if (!lacks(e)) {
          throw e;
        }
        return instead(e, image);
      } catch (DaxconvException e) {
        return instead(e, image);
      }
    }
    if (image == null) {
      throw new SourceException("registry has no image " + reference);
    }
    DaxconvException trouble = answer.trouble();
    if (trouble != null) {
      return instead(trouble, image);
    }
    if (convert == Convert.NEVER) {
      throw new SourceException(
          "image %s: expected a converted image for pages of %d bytes in the registry, found none"
              .formatted(reference, pageSize));
    }
    return image;
  }

  /** Whether the registry itself is well and has less of the artifact than it lists. */
  private static boolean lacks(RegistryException e) {
    return e.status() == 404 || e.status() == 416 || e.status() / 100 == 2;
  }

  private Digest instead(DaxconvException trouble, @Nullable Digest image) throws DaxconvException {
    if (convert == Convert.NEVER || image == null) {
      throw trouble;
    }
    streams.err().println("converted here instead: " + ErrorLine.oneLine(trouble.getMessage()));
    return image;
  }

  private void fetch(ArtifactPull registry, ArtifactPull.Found found, Progress progress)
      throws IOException {
    try (OutputFile file = OutputFile.create(output)) {
      String name = "artifact " + found.manifest();
      registry.fetch(found, file.channel(), new ArtifactProgress(progress, reference));
      ConvertedFacts facts = ConvertedFacts.of(name, file.path());
      Digest imageId = found.imageId();
      if (imageId != null && !imageId.equals(facts.facts().imageId())) {
        throw new CorruptImageException(
            "%s: expected the image with id %s, found %s"
                .formatted(name, imageId, facts.facts().imageId()));
      }
      file.commit();
    } catch (DaxconvException | FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw OutputFile.failure(output, e);
    }
  }

  private RegistryReference reference() {
    try {
      return RegistryReference.parse(reference);
    } catch (SourceException e) {
      throw new ParameterException(spec.commandLine(), "REF: " + e.getMessage(), e);
    }
  }

  private ConversionOptions conversion() {
    ConversionOptions usual = ConversionOptions.DEFAULT;
    try {
      return new ConversionOptions(
          pageSize,
          usual.overlay() != null,
          usual.erofsView(),
          false,
          usual.jobs(),
          budgets.budgets());
    } catch (IllegalArgumentException e) {
      throw misuse(e.getMessage());
    }
  }

  private ParameterException misuse(@Nullable String message) {
    return new ParameterException(spec.commandLine(), String.valueOf(message));
  }

  private void tell(ConversionReport report) throws IOException {
    if (say.json) {
      Json.print(streams.out(), report.json().put("from", "conversion"));
    } else if (!say.quiet) {
      report.print(new Lines(streams.out()));
    }
  }

  private void tell(ArtifactPull.Found found) {
    if (say.json) {
      Json.print(
          streams.out(),
          Json.object()
              .put("file", output.toString())
              .put("size", found.contentSize())
              .put("sha256", found.contentDigest().hex())
              .put("from", "artifact")
              .put("artifact", found.manifest().toString())
              .put("blob_size", found.blobSize()));
    } else if (!say.quiet) {
      String file = ShellWord.file(output.toString());
      Lines lines = new Lines(streams.out());
      lines.heading(
          file + ": " + Sizes.text(found.contentSize()) + ", " + Sizes.bytes(found.contentSize()));
      lines.field("sha256", found.contentDigest().hex());
      lines.field(
          "from",
          "artifact " + found.manifest() + ", " + Sizes.text(found.blobSize()) + " of zstd");
      lines.command("next", "daxconv mount-spec " + file + " --containers 2");
    }
  }
}
