package io.daxconv.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.browse.DirectoryExtraction;
import io.daxconv.converter.browse.ImageTree;
import io.daxconv.converter.browse.Loss;
import io.daxconv.converter.browse.PathLookup;
import io.daxconv.converter.browse.PathLookup.Found;
import io.daxconv.converter.browse.TarExtraction;
import io.daxconv.converter.mount.ImageView;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes files out of an image. */
@Command(
    name = "extract",
    description = {
      "Take files out of an image: into a directory, or as a tar to standard output,",
      "which docker import and podman import take."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ExtractCommand implements Callable<Integer> {
  private final Streams streams;

  @Spec private CommandSpec spec;
  @Mixin private TreeArguments image;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PATH",
      defaultValue = "/",
      description = "a directory whose contents are taken, or a single file (default: /)")
  private String path;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "DIR",
      description =
          "an empty directory, which is made if it is not there; - for a tar on standard output")
  private String output;

  @Option(
      names = "--force",
      description = "also into a directory that is not empty, replacing files of the same names")
  private boolean force;

  @Option(
      names = "--json",
      description = "what was not restored as one JSON object, on standard error with -o -")
  private boolean json;

  ExtractCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    boolean tar = output.equals("-");
    if (output.isEmpty() || (tar && force)) {
      String found = tar ? "--force with a tar" : "an empty name";
      throw new ParameterException(
          spec.commandLine(), "--output: expected a directory, found " + found);
    }
    return image.readData(
        tree -> {
          Found from = new PathLookup(tree).find(image.path(path), true);
          List<Loss> losses =
              tar
                  ? tar(tree, from)
                  : DirectoryExtraction.extract(tree, from, Path.of(output), force);
          tell(tree, losses, tar);
          boolean whole = losses.stream().allMatch(loss -> loss.what() == Loss.Kind.OWNER);
          return whole ? Main.DONE : Main.FAILED;
        });
  }

  private List<Loss> tar(ImageTree tree, Found from) throws IOException {
    OutputStream out = new BufferedOutputStream(new Checked(), 1 << 18);
    List<Loss> losses = TarExtraction.write(tree, from, out);
    out.flush();
    return losses;
  }

  /** A PrintStream keeps failures to itself; whoever reads the tar may be gone. */
  private final class Checked extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      streams.out().write(bytes, offset, length);
      UnwrittenException.check(streams.out());
    }
  }

  private void tell(ImageTree tree, List<Loss> losses, boolean tar) {
    if (json) {
      Json.print(tar ? streams.err() : streams.out(), json(tree, losses));
      return;
    }
    Map<Loss.Kind, Integer> counts = new EnumMap<>(Loss.Kind.class);
    losses.forEach(loss -> counts.merge(loss.what(), 1, Integer::sum));
    counts.forEach(
        (kind, count) -> {
          Loss first =
              losses.stream().filter(loss -> loss.what() == kind).findFirst().orElseThrow();
          streams
              .err()
              .println(
                  ErrorLine.oneLine(
                      "daxconv: not restored: %s, the first %s: %s"
                          .formatted(name(kind, count), first.path(), first.reason())));
        });
    if (tree.view() == ImageView.DAXFS) {
      streams
          .err()
          .println("daxconv: not restored: times, xattrs and special files, which DAXFS has not");
    }
  }

  private static String name(Loss.Kind kind, int count) {
    return switch (kind) {
      case OWNER -> Sizes.count(count, "owner", "owners");
      case XATTR -> Sizes.count(count, "xattr", "xattrs");
      case SPECIAL_FILE -> Sizes.count(count, "special file", "special files");
      case SOCKET -> Sizes.count(count, "socket", "sockets");
    };
  }

  private ObjectNode json(ImageTree tree, List<Loss> losses) {
    ObjectNode json =
        Json.object()
            .put("file", image.file().toString())
            .put("view", tree.view().filesystem())
            .put("output", output);
    ArrayNode array = json.putArray("not_restored");
    for (Loss loss : losses) {
      array
          .addObject()
          .put("path", loss.path())
          .put("what", loss.what().id())
          .put("reason", loss.reason());
    }
    return json;
  }
}
