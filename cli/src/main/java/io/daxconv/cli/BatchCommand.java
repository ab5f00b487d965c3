package io.daxconv.cli;

import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.stored.StoredLayers;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.batch.Catalog;
import io.daxconv.oci.batch.Shard;
import io.daxconv.oci.registry.RegistryReference;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Converts many images. */
@Command(
    name = "batch",
    description = {
      "Convert many images of registries, each layer read once, into a directory or back into",
      "registries. Run again, it goes on where it was stopped, however that was."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BatchCommand implements Callable<Integer>, BudgetOptions.Reader {
  private final Streams streams;
  private final BudgetOptions budgets = new BudgetOptions();

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "LIST",
      description = {
        "a file with an image on each line and perhaps a name for its file; - is standard input"
      })
  private @Nullable String list;

  @Option(names = "--registry", paramLabel = "HOST", description = "instead: all of a registry")
  private @Nullable String registry;

  @Option(
      names = "--repositories",
      paramLabel = "GLOB",
      defaultValue = "**",
      description = "which of its repositories; * does not match /, ** does (default: all)")
  private String repositories;

  @Option(
      names = "--tags",
      paramLabel = "GLOB",
      defaultValue = "*",
      description = "which of their tags (default: all)")
  private String tags;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "where the files go; made if it is not there")
  private @Nullable Path output;

  @Option(
      names = "--push",
      paramLabel = "TEMPLATE",
      description = {
        "push them instead, as push does: a reference with {registry}, {repository}, {tag};",
        "the image's own, {registry}/{repository}:{tag}, attaches them to the images"
      })
  private @Nullable String template;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      defaultValue = "0/1",
      description = "only the I-th of N parts of the list, the same parts everywhere; I from 0")
  private String shard;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "images at once (default: one a processor, at most 4)")
  private int workers = Math.min(4, Runtime.getRuntime().availableProcessors());

  @Option(
      names = "--cache-max",
      paramLabel = "SIZE",
      defaultValue = "20G",
      description = "how much is kept of layers: bytes, or with K, M, G, T (default: 20G)")
  private String cacheMax;

  @Option(
      names = "--page-size",
      defaultValue = "4096",
      paramLabel = "BYTES",
      description = "page size of the kernels that will mount it: 4096 (the default), 16384, 65536")
  private int pageSize;

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description = "a line of JSON for each image (default: results.jsonl in DIR, or here)")
  private @Nullable Path results;

  @Mixin private SourceArguments source;
  @Mixin private OutputOptions say;

  BatchCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public BudgetOptions budgets() {
    return budgets;
  }

  @Override
  public Integer call() throws IOException {
    check();
    Shard part = shard();
    BatchListener listener = new BatchListener(streams.err(), say.quiet);
    SourceOptions options = source.options(streams, budgets.budgets(), listener, null);
    ConversionOptions conversion = conversion();
    List<BatchItem> all = items(options);
    if (template != null) {
      checkTargets(all, template);
    }
    List<BatchItem> items = all.stream().filter(item -> part.has(item.image())).toList();
    String suffix = part.count() == 1 ? "" : "-" + part.index() + "-of-" + part.count();
    Path state = output == null ? options.cacheDirectory().resolve("batch") : output;
    Files.createDirectories(state);
    Path log = results;
    if (log == null) {
      String name = "results" + suffix + ".jsonl";
      log = output == null ? Path.of(name) : output.resolve(name);
    }
    StoredLayers layers =
        StoredLayers.open(
            options.cacheDirectory().resolve("layers"),
            BatchSize.parse(cacheMax),
            budgets.budgets());
    try (BatchJournal journal = BatchJournal.open(state.resolve(journalName(suffix)));
        BatchSummary summary = new BatchSummary(streams, say.quiet, items.size());
        PrintStream lines =
            new PrintStream(Files.newOutputStream(log), false, StandardCharsets.UTF_8)) {
      listener.above(summary);
      Path work = output == null ? work(state, suffix) : output;
      BatchTarget target =
          new BatchTarget(work, template, journal, options, conversion, new AtomicLong());
      new BatchRun(target, layers, summary, lines, registry != null).run(items, workers);
      tell(summary, log);
      return summary.anyFailed() || lines.checkError() ? Main.FAILED : Main.DONE;
    }
  }

  /** Two images that are pushed to one place would replace each other. */
  private void checkTargets(List<BatchItem> items, String pushTo) {
    Map<String, String> images = new HashMap<>();
    for (BatchItem item : items) {
      String to;
      try {
        to = RegistryReference.parse(item.fill(pushTo)).toString();
      } catch (SourceException e) {
        throw misuse("--push: " + e.getMessage());
      }
      String other = images.putIfAbsent(to, item.image());
      if (other != null) {
        throw misuse(
            "--push: expected a reference for each image, found %s for %s and %s"
                .formatted(
                    ErrorLine.ofUser(to), ErrorLine.ofUser(other), ErrorLine.ofUser(item.image())));
      }
    }
  }

  private void tell(BatchSummary summary, Path log) {
    summary.close();
    if (say.json) {
      Json.print(streams.out(), summary.json().put("results", log.toString()));
    } else if (!say.quiet) {
      streams.out().println(summary.text());
      streams.out().println(ErrorLine.ofUser("results: " + log));
    }
  }

  private String journalName(String suffix) {
    String name = template == null ? "" : "-" + BatchSize.brief(template);
    return ".daxconv-batch" + name + suffix + ".jsonl";
  }

  /** Empty: what a killed run has left is removed, while the journal keeps others away. */
  private Path work(Path state, String suffix) throws IOException {
    Path work = state.resolve("work-" + BatchSize.brief(String.valueOf(template)) + suffix);
    Files.createDirectories(work);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(work)) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
    return work;
  }

  private void check() {
    if ((list == null) == (registry == null)) {
      throw misuse("expected LIST or --registry, found " + (list == null ? "neither" : "both"));
    }
    if ((output == null) == (template == null)) {
      throw misuse("expected -o or --push, found " + (output == null ? "neither" : "both"));
    }
    if (output != null && Files.exists(output) && !Files.isDirectory(output)) {
      throw misuse("--output: expected a directory, found a file");
    }
    if (workers < 1) {
      throw misuse("--workers: expected at least 1, found " + workers);
    }
    try {
      BatchSize.parse(cacheMax);
    } catch (IllegalArgumentException e) {
      throw misuse("--cache-max: " + e.getMessage());
    }
    checkGlob("--repositories", repositories);
    checkGlob("--tags", tags);
    source.check("-".equals(list) ? "tar:-" : "");
  }

  private void checkGlob(String option, String glob) {
    try {
      FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException e) {
      throw misuse(
          "%s: expected a glob, found %s: %s"
              .formatted(option, ErrorLine.ofUser(glob), e.getDescription()));
    }
  }

  private Shard shard() {
    try {
      return Shard.parse(shard);
    } catch (IllegalArgumentException e) {
      throw misuse("--" + e.getMessage());
    }
  }

  private ConversionOptions conversion() {
    try {
      return new ConversionOptions(pageSize, true, true, false, 1, budgets.budgets());
    } catch (IllegalArgumentException e) {
      throw misuse(e.getMessage());
    }
  }

  private List<BatchItem> items(SourceOptions options) throws IOException {
    if (registry != null) {
      String images = String.join("\n", Catalog.images(registry, repositories, tags, options));
      return BatchItem.read("--registry", new BufferedReader(new StringReader(images)));
    }
    String name = String.valueOf(list);
    if (Files.isDirectory(Path.of(name))) {
      throw misuse("LIST: expected a file, found a directory");
    }
    try (BufferedReader lines =
        name.equals("-")
            ? new BufferedReader(new InputStreamReader(streams.in(), StandardCharsets.UTF_8))
            : Files.newBufferedReader(Path.of(name))) {
      return BatchItem.read(name.equals("-") ? "standard input" : name, lines);
    } catch (CharacterCodingException e) {
      throw new SourceException(ErrorLine.ofUser(name) + ": expected UTF-8, found other bytes", e);
    } catch (SourceException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private ParameterException misuse(@Nullable String message) {
    return new ParameterException(spec.commandLine(), String.valueOf(message));
  }
}
