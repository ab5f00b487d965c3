package io.daxconv.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.SourceTree;
import io.daxconv.converter.browse.FileFacts;
import io.daxconv.converter.browse.Mtime;
import io.daxconv.converter.browse.TreeDifference;
import io.daxconv.converter.browse.TreeDifference.Aspect;
import io.daxconv.converter.browse.TreeDifference.Side;
import io.daxconv.converter.browse.TreeFacts;
import io.daxconv.converter.mount.ImageView;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares trees. */
@Command(
    name = "diff",
    description = {
      "Compare two images, or an image and a source, path by path: one line a difference.",
      "Exit code 0: the same; 1: different; 2: they could not be compared."
    },
    mixinStandardHelpOptions = true,
    exitCodeOnExecutionException = 2,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DiffCommand implements Callable<Integer>, BudgetOptions.Reader {
  private final Streams streams;
  private final BudgetOptions budgets = new BudgetOptions();

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "a DAXFS file, a device, or any source that convert takes, such as oci:DIR:TAG")
  private String before;

  @Parameters(index = "1", paramLabel = "B", description = "the same")
  private String after;

  @Option(
      names = "--backing",
      paramLabel = "FILE",
      description = "the file with the data of a split image; for two of them A's first, then B's")
  private List<Path> backing = new ArrayList<>();

  @Option(
      names = "--view",
      paramLabel = "VIEW",
      description = "of DAXFS files: daxfs or erofs (default: erofs if the file has it)")
  private @Nullable ImageView view;

  @Mixin private SourceArguments source;
  @Mixin private OutputOptions say;

  DiffCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public BudgetOptions budgets() {
    return budgets;
  }

  /** What is done with a side while it is open. */
  private interface Comparison {
    int with(Side side) throws IOException;
  }

  @Override
  public Integer call() throws IOException {
    Deque<Path> left = new ArrayDeque<>(backing);
    return open(
        before,
        left,
        a ->
            open(
                after,
                left,
                b -> {
                  if (!left.isEmpty()) {
                    throw new ParameterException(
                        spec.commandLine(),
                        "--backing: expected one for each split image, found "
                            + left.getFirst()
                            + " too");
                  }
                  return compare(a, b);
                }));
  }

  private int open(String name, Deque<Path> left, Comparison comparison) throws IOException {
    Path file = file(name);
    if (file != null) {
      Path data = SplitImage.isSplit(spec, file) ? left.pollFirst() : null;
      return SplitImage.read(
          spec,
          file,
          data,
          view,
          tree -> {
            SplitImage.requireData(spec, tree.image());
            return comparison.with(new TreeFacts(tree));
          });
    }
    source.check(name);
    Iterator<FileFacts> facts;
    try (Progress progress = Progress.of(streams, say.quiet);
        SourceImage image = source.open(name, streams, budgets.budgets(), progress)) {
      facts =
          SourceTree.facts(image, ConversionOptions.DEFAULT.jobs(), budgets.budgets(), progress)
              .iterator();
    }
    return comparison.with(() -> facts.hasNext() ? facts.next() : null);
  }

  /** The file that an argument names; null where it can only be a source. */
  private static @Nullable Path file(String name) {
    try {
      Path path = Path.of(name);
      boolean named = name.startsWith("/") || name.startsWith("./") || name.startsWith("../");
      return named || Files.exists(path) ? path : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private int compare(Side a, Side b) throws IOException {
    if (say.json) {
      try (JsonOut out = new JsonOut(streams.out(), Path.of(before))) {
        out.fields().writeStringField("other", after);
        out.fields().writeArrayFieldStart("differences");
        JsonLines lines = new JsonLines(out.fields());
        TreeDifference.compare(a, b, lines);
        out.fields().writeEndArray();
        out.fields().writeNumberField("difference_count", lines.count);
        return lines.count == 0 ? Main.DONE : Main.FAILED;
      }
    }
    TextLines lines = new TextLines();
    TreeDifference.compare(a, b, lines);
    return lines.count == 0 ? Main.DONE : Main.FAILED;
  }

  /** One line a difference: what happened, the path, and in what it differs. */
  private final class TextLines implements TreeDifference.Listener {
    private final NamesOut out = new NamesOut(streams.out(), false);
    private long count;

    @Override
    public void added(FileFacts file) throws IOException {
      line("added ", file.path(), "");
    }

    @Override
    public void removed(FileFacts file) throws IOException {
      line("removed ", file.path(), "");
    }

    @Override
    public void changed(FileFacts a, FileFacts b, Set<Aspect> aspects) throws IOException {
      List<String> texts = new ArrayList<>();
      for (Aspect aspect : aspects) {
        texts.add(id(aspect) + " " + text(aspect, a) + " -> " + text(aspect, b));
      }
      line("changed ", a.path(), ": " + String.join(", ", texts));
    }

    private void line(String what, byte[] path, String detail) throws IOException {
      count++;
      if (!say.quiet) {
        out.text(what).name(path).text(detail).end();
      }
    }
  }

  /** The same for programs. */
  private static final class JsonLines implements TreeDifference.Listener {
    private final JsonGenerator json;
    private long count;

    JsonLines(JsonGenerator json) {
      this.json = json;
    }

    @Override
    public void added(FileFacts file) throws IOException {
      start("added", file);
      json.writeStringField("type", file.kind().id());
      json.writeEndObject();
    }

    @Override
    public void removed(FileFacts file) throws IOException {
      start("removed", file);
      json.writeStringField("type", file.kind().id());
      json.writeEndObject();
    }

    @Override
    public void changed(FileFacts a, FileFacts b, Set<Aspect> aspects) throws IOException {
      start("changed", a);
      json.writeObjectFieldStart("aspects");
      for (Aspect aspect : aspects) {
        json.writeArrayFieldStart(id(aspect));
        json.writeString(text(aspect, a));
        json.writeString(text(aspect, b));
        json.writeEndArray();
      }
      json.writeEndObject();
      json.writeEndObject();
    }

    private void start(String what, FileFacts file) throws IOException {
      count++;
      json.writeStartObject();
      json.writeStringField("what", what);
      json.writeStringField("path", Escapes.escape(file.path()));
    }
  }

  private static String id(Aspect aspect) {
    return aspect.name().toLowerCase(Locale.ROOT);
  }

  /** What one side has. */
  private static String text(Aspect aspect, FileFacts file) throws IOException {
    return switch (aspect) {
      case TYPE -> file.kind().id();
      case CONTENT ->
          file.content().sha256().hex().substring(0, 12) + " of " + file.size() + " bytes";
      case TARGET -> Escapes.escape(file.target());
      case DEVICE -> file.major() + ":" + file.minor();
      case MODE -> String.format(Locale.ROOT, "%04o", file.permissions());
      case OWNER -> file.uid() + ":" + file.gid();
      case TIME -> time(file.mtime());
      case XATTRS -> xattrs(file);
      case LINKS -> file.firstName() == null ? "none" : Escapes.escape(file.firstName());
    };
  }

  private static String time(@Nullable Mtime mtime) {
    return mtime == null ? "none" : mtime.toString();
  }

  private static String xattrs(FileFacts file) {
    return file.xattrs() == null || file.xattrs().isEmpty()
        ? "none"
        : file.xattrs().entrySet().stream()
            .map(xattr -> xattr.getKey() + "=" + HexFormat.of().formatHex(xattr.getValue()))
            .collect(Collectors.joining(" "));
  }
}
