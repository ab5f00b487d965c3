package io.daxconv.cli;

import io.daxconv.converter.browse.FileInode;
import io.daxconv.converter.browse.ImageTree;
import io.daxconv.converter.browse.PathLookup;
import io.daxconv.converter.browse.PathLookup.Found;
import io.daxconv.converter.browse.StoredBytes;
import io.daxconv.converter.browse.StoredBytes.Added;
import io.daxconv.converter.daxfs.TreeWalk;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says how much of an image each directory takes. */
@Command(
    name = "du",
    description = "Say how many bytes of the image directories take, what is shared counted once.",
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DuCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private TreeArguments image;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private LongHelp help;

  @Parameters(
      index = "1..*",
      paramLabel = "PATH",
      defaultValue = "/",
      description = "what to count (default: /)")
  private List<String> paths;

  @Option(
      names = {"-d", "--max-depth"},
      paramLabel = "N",
      defaultValue = "2147483647",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "only directories at most N names below PATH (default: all)")
  private int deepest;

  @Option(names = "-s", description = "only the sum of each PATH, as -d 0")
  private boolean sum;

  @Option(names = "-a", description = "files too, not only directories")
  private boolean all;

  @Option(names = "-h", description = "in KiB, MiB and so on (bytes without it)")
  private boolean human;

  @Option(names = "--apparent-size", description = "the sizes that files say they have")
  private boolean apparent;

  @Option(names = "--json", description = "one JSON object, with both numbers")
  private boolean json;

  /** A directory whose end has not been reached. */
  private static final class Open {
    final byte[] path;
    final int depth;
    Added sum;

    Open(byte[] path, int depth, Added sum) {
      this.path = path;
      this.depth = depth;
      this.sum = sum;
    }
  }

  DuCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    return image.read(
        tree -> {
          StoredBytes stored = new StoredBytes(tree);
          PathLookup lookup = new PathLookup(tree);
          List<byte[]> from = image.paths(paths);
          if (json) {
            try (JsonOut out = new JsonOut(streams.out(), image.file(), tree)) {
              out.fields().writeArrayFieldStart("entries");
              for (byte[] path : from) {
                count(tree, lookup.find(path, false), stored, out);
              }
              out.fields().writeEndArray();
            }
          } else {
            for (byte[] path : from) {
              count(tree, lookup.find(path, false), stored, null);
            }
          }
          return Main.DONE;
        });
  }

  private void count(ImageTree tree, Found found, StoredBytes stored, @Nullable JsonOut out)
      throws IOException {
    NamesOut names = new NamesOut(streams.out(), false);
    Deque<Open> open = new ArrayDeque<>();
    ImageTree.Walk walk =
        tree.walk(found.path(), found.inode(), TreeWalk.Order.NAMES, Integer.MAX_VALUE);
    for (var step = walk.next(); step != null; step = walk.next()) {
      while (!open.isEmpty() && open.getLast().depth >= step.depth()) {
        close(open, names, out);
      }
      FileInode inode = step.inode();
      Open entry = new Open(step.path(), step.depth(), stored.add(inode));
      if (inode.isDirectory()) {
        open.addLast(entry);
      } else {
        add(open, entry.sum);
        if (all || step.depth() == 0) {
          print(entry, names, out);
        }
      }
    }
    while (!open.isEmpty()) {
      close(open, names, out);
    }
  }

  private void close(Deque<Open> open, NamesOut names, @Nullable JsonOut out) throws IOException {
    Open closed = open.removeLast();
    add(open, closed.sum);
    print(closed, names, out);
  }

  private static void add(Deque<Open> open, Added sum) {
    if (!open.isEmpty()) {
      open.getLast().sum = open.getLast().sum.plus(sum);
    }
  }

  private void print(Open entry, NamesOut names, @Nullable JsonOut out) throws IOException {
    if (entry.depth > (sum ? 0 : deepest)) {
      return;
    }
    if (out != null) {
      out.fields().writeStartObject();
      out.fields().writeStringField("path", Escapes.escape(entry.path));
      out.fields().writeNumberField("stored", entry.sum.stored());
      out.fields().writeNumberField("apparent", entry.sum.apparent());
      out.fields().writeEndObject();
      return;
    }
    long bytes = apparent ? entry.sum.apparent() : entry.sum.stored();
    names.text((human ? Sizes.text(bytes) : Long.toString(bytes)) + "\t").name(entry.path).end();
  }
}
