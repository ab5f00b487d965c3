package io.daxconv.cli;

import io.daxconv.converter.browse.ImageTree;
import io.daxconv.converter.browse.PathLookup;
import io.daxconv.converter.browse.PathLookup.Found;
import io.daxconv.converter.daxfs.TreeWalk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Finds files of an image. */
@Command(
    name = "find",
    description = {
      "Find files of an image, as find(1) does in a directory: FILE [PATH...] [EXPRESSION].",
      "Tests: -name -iname -path -lname GLOB, -type bcdflps, -size [+-]N[cwbkMG], -empty,",
      "-perm [-/]MODE, -user -group NAME, -uid -gid -links -inum [+-]N, -newer PATH,",
      "-newermt DATE, -xattr [GLOB];",
      "they are joined by -a (which may be left out), -o, ! and ( )."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class FindCommand implements Callable<Integer> {
  private final Streams streams;

  @Spec private CommandSpec spec;
  @Mixin private TreeArguments image;

  @Parameters(
      index = "1..*",
      paramLabel = "PATH | EXPRESSION",
      description = "where to start (default: /), and what to find (default: all)")
  private List<String> words = new ArrayList<>();

  @Option(names = "-maxdepth", paramLabel = "N", description = "go at most N names below PATH")
  private int deepest = Integer.MAX_VALUE;

  @Option(names = "-mindepth", paramLabel = "N", description = "leave out what is nearer to PATH")
  private int nearest;

  @Option(names = "-print0", description = "paths as they are, each with a NUL behind it")
  private boolean zero;

  @Option(names = "-ls", description = "lines as of ls -l")
  private boolean detailed;

  @Option(names = "--json", description = "one JSON object with all that inodes say")
  private boolean json;

  FindCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    int paths = 0;
    while (paths < words.size() && !FindExpression.isStart(words.get(paths))) {
      paths++;
    }
    List<String> from = paths == 0 ? List.of("/") : words.subList(0, paths);
    List<String> expression = words.subList(paths, words.size());
    return image.read(
        tree -> {
          PathLookup lookup = new PathLookup(tree);
          List<Found> starts = new ArrayList<>();
          for (byte[] path : image.paths(from)) {
            starts.add(lookup.find(path, false));
          }
          FindExpression.Test test = parse(expression, tree, lookup);
          if (json) {
            try (JsonOut out = new JsonOut(streams.out(), image.file(), tree)) {
              out.fields().writeArrayFieldStart("entries");
              find(tree, starts, test, step -> out.inode(tree, step.path(), step.inode()));
              out.fields().writeEndArray();
            }
          } else {
            NamesOut out = new NamesOut(streams.out(), zero);
            find(tree, starts, test, step -> print(tree, out, step));
          }
          return Main.DONE;
        });
  }

  private FindExpression.Test parse(List<String> expression, ImageTree tree, PathLookup lookup)
      throws IOException {
    try {
      return FindExpression.parse(expression, tree, lookup, image::path);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private interface Sink {
    void found(ImageTree.Step step) throws IOException;
  }

  private void find(ImageTree tree, List<Found> starts, FindExpression.Test test, Sink sink)
      throws IOException {
    for (Found start : starts) {
      ImageTree.Walk walk = tree.walk(start.path(), start.inode(), TreeWalk.Order.NAMES, deepest);
      for (var step = walk.next(); step != null; step = walk.next()) {
        if (step.depth() >= nearest && test.matches(step)) {
          sink.found(step);
        }
      }
    }
  }

  private void print(ImageTree tree, NamesOut out, ImageTree.Step step) throws IOException {
    if (detailed) {
      out.text(String.join(" ", LongLine.fields(step.inode(), false)) + " ");
    }
    out.name(step.path());
    if (detailed && step.inode().isSymlink()) {
      out.text(" -> ").name(tree.target(step.inode()));
    }
    out.end();
  }
}
