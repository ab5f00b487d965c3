package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.publish.ArtifactPush;
import io.daxconv.oci.registry.RegistryReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Pushes a converted image. */
@Command(
    name = "push",
    description = {
      "Put a converted image into a registry, as an artifact attached to its image.",
      "If REF names that image, the artifact is found by it and the tag stays the image's;",
      "if REF's tag is free or names such an artifact, the artifact gets it."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PushCommand implements Callable<Integer>, BudgetOptions.Reader {
  private final Streams streams;
  private final BudgetOptions budgets = new BudgetOptions();

  @Spec private CommandSpec spec;

  @Mixin private ImageFile image;

  @Parameters(index = "1", paramLabel = "REF", description = "a registry reference")
  private String reference;

  @Option(
      names = "--subject",
      paramLabel = "IMAGE",
      description =
          "the image that the file was made of (default: what the file records, else REF's)")
  private @Nullable String subject;

  @Option(
      names = "--mount-from",
      paramLabel = "REPOSITORY",
      description = "another repository of the registry, which may have the same file already")
  private @Nullable String mountFrom;

  @Mixin private SourceArguments source;
  @Mixin private OutputOptions say;

  PushCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public BudgetOptions budgets() {
    return budgets;
  }

  @Override
  public Integer call() throws IOException {
    Path file = image.path();
    RegistryReference to = parse("REF", reference);
    ArtifactPush.Subject from =
        subject == null ? null : new ArtifactPush.Subject.Named(parse("--subject", subject));
    checkRepository();
    source.check(reference);
    ConvertedFacts converted = ConvertedFacts.of(file.toString(), file);
    ArtifactPush.Result result;
    try (Progress progress = Progress.of(streams, say.quiet)) {
      SourceOptions options =
          source.options(streams, budgets.budgets(), progress, converted.platform());
      result =
          ArtifactPush.push(
              new ArtifactPush.Request(
                  file, converted.facts(), to, from, converted.manifest(), mountFrom),
              options,
              new ArtifactProgress(progress, file.toString()));
    }
    if (say.json) {
      Json.print(streams.out(), json(file, to, result));
    } else if (!say.quiet) {
      print(to, result);
    }
    return Main.DONE;
  }

  private RegistryReference parse(String option, String text) {
    try {
      return RegistryReference.parse(text);
    } catch (SourceException e) {
      throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
    }
  }

  private void checkRepository() {
    if (mountFrom != null && !mountFrom.matches("[a-z0-9]+([._/-]+[a-z0-9]+)*")) {
      throw new ParameterException(
          spec.commandLine(),
          "--mount-from: expected a repository without its registry, such as library/debian");
    }
  }

  private void print(RegistryReference to, ArtifactPush.Result result) {
    Lines lines = new Lines(streams.out());
    lines.heading(to.registry() + "/" + to.repository() + "@" + result.manifest());
    lines.field(
        "holds",
        Sizes.text(result.contentSize()) + " as " + Sizes.text(result.blobSize()) + " of zstd");
    lines.field("blob", result.blobDigest() + ", " + placed(result));
    Digest attached = result.subject();
    if (attached != null) {
      lines.field(
          "subject",
          attached
              + (result.listedBy().equals("api")
                  ? ", listed by the registry"
                  : ", listed by tag, for the registry keeps no list"));
    }
    if (result.tag() != null) {
      lines.field("tag", result.tag());
    }
    lines.command("next", "daxconv pull " + ShellWord.file(to.toString()) + " -o OUT.daxfs");
  }

  private static String placed(ArtifactPush.Result result) {
    return result.placed().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static ObjectNode json(Path file, RegistryReference to, ArtifactPush.Result result) {
    Digest attached = result.subject();
    return Json.object()
        .put("file", file.toString())
        .put("registry", to.registry())
        .put("repository", to.repository())
        .put("tag", result.tag())
        .put("manifest", result.manifest().toString())
        .put("subject", attached == null ? null : attached.toString())
        .put("listed_by", result.listedBy())
        .put("sha256", result.contentDigest().hex())
        .put("size", result.contentSize())
        .put("blob", result.blobDigest().toString())
        .put("blob_size", result.blobSize())
        .put("blob_placed", placed(result));
  }
}
