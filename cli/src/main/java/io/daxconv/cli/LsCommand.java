package io.daxconv.cli;

import io.daxconv.converter.browse.ImageTree;
import io.daxconv.converter.browse.PathException;
import io.daxconv.converter.browse.PathLookup;
import io.daxconv.converter.browse.PathLookup.Found;
import io.daxconv.converter.daxfs.TreeWalk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists directories of an image. */
@Command(
    name = "ls",
    description = "List directories of an image without mounting it: one name a line, sorted.",
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class LsCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private TreeArguments image;

  @SuppressWarnings("UnusedVariable") // picocli reads it
  @Mixin
  private LongHelp help;

  @Parameters(
      index = "1..*",
      paramLabel = "PATH",
      defaultValue = "/",
      description = "what to list (default: /)")
  private List<String> paths;

  @Option(
      names = "-l",
      description = "type and permissions, links, uid, gid, size, time (UTC), name, target")
  private boolean detailed;

  @Option(names = "-R", description = "also what is in directories below, directory by directory")
  private boolean recursive;

  @Option(names = "-d", description = "directories themselves and not what is in them")
  private boolean itself;

  @Option(names = "-h", description = "with -l: sizes in KiB, MiB and so on")
  private boolean human;

  @Option(names = "-i", description = "the inode number before each name")
  private boolean numbered;

  @Option(names = "--zero", description = "names as they are, each with a NUL behind it")
  private boolean zero;

  @Option(names = "--json", description = "one JSON object with all that inodes say")
  private boolean json;

  LsCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    return image.read(
        tree -> {
          if (json) {
            try (JsonOut out = new JsonOut(streams.out(), image.file(), tree)) {
              out.fields().writeArrayFieldStart("entries");
              for (Found found : find(tree)) {
                json(tree, found, out);
              }
              out.fields().writeEndArray();
            }
          } else {
            print(tree, find(tree));
          }
          return Main.DONE;
        });
  }

  private List<Found> find(ImageTree tree) throws IOException {
    PathLookup lookup = new PathLookup(tree);
    List<Found> all = new ArrayList<>();
    for (byte[] path : image.paths(paths)) {
      Found found = lookup.find(path, false);
      all.add(
          found.inode().isSymlink() && !detailed && !itself
              ? followed(lookup, path, found)
              : found);
    }
    return all;
  }

  /** A symlink to a directory is listed as that directory; any other as itself. */
  private static Found followed(PathLookup lookup, byte[] path, Found symlink) throws IOException {
    try {
      Found target = lookup.find(path, true);
      return target.inode().isDirectory() ? target : symlink;
    } catch (PathException e) {
      return symlink;
    }
  }

  private void json(ImageTree tree, Found found, JsonOut out) throws IOException {
    if (itself || !found.inode().isDirectory()) {
      out.inode(tree, found.path(), found.inode());
      return;
    }
    ImageTree.Walk walk = walk(tree, found);
    for (var step = walk.next(); step != null; step = walk.next()) {
      if (step.depth() > 0) {
        out.inode(tree, step.path(), step.inode());
      }
    }
  }

  private ImageTree.Walk walk(ImageTree tree, Found found) {
    int deepest = recursive ? Integer.MAX_VALUE : 1;
    return tree.walk(found.path(), found.inode(), TreeWalk.Order.DIRECTORIES, deepest);
  }

  private void print(ImageTree tree, List<Found> all) throws IOException {
    NamesOut out = new NamesOut(streams.out(), zero);
    LsTable table = new LsTable(tree, out, detailed, human, numbered);
    for (Found found : all) {
      if (itself || !found.inode().isDirectory()) {
        table.add(found.path(), found.inode());
      }
    }
    table.print();
    boolean headings = !zero && (recursive || all.size() > 1);
    for (Found found : all) {
      if (!itself && found.inode().isDirectory()) {
        print(tree, found, table, headings ? out : null);
      }
    }
  }

  /** The blocks of a directory and, if they are wanted, of those below it. */
  private void print(ImageTree tree, Found found, LsTable table, @Nullable NamesOut headings)
      throws IOException {
    ImageTree.Walk walk = walk(tree, found);
    Deque<byte[]> coming = new ArrayDeque<>();
    coming.push(found.path());
    List<byte[]> below = new ArrayList<>();
    byte[] directory = {};
    for (var step = walk.next(); step != null; step = walk.next()) {
      if (step.depth() == 0) {
        continue;
      }
      int slash = lastSlash(step.path());
      byte[] parent = Arrays.copyOf(step.path(), Math.max(1, slash));
      if (!Arrays.equals(parent, directory)) {
        below.reversed().forEach(coming::push);
        below.clear();
        endBlock(table, coming, parent, headings);
        directory = parent;
      }
      table.add(Arrays.copyOfRange(step.path(), slash + 1, step.path().length), step.inode());
      if (recursive && step.inode().isDirectory()) {
        below.add(step.path());
      }
    }
    below.reversed().forEach(coming::push);
    endBlock(table, coming, new byte[0], headings);
  }

  /** Names the directory that comes next, and before it the empty ones, of which nothing comes. */
  private static void endBlock(
      LsTable table, Deque<byte[]> coming, byte[] next, @Nullable NamesOut headings)
      throws IOException {
    table.print();
    boolean found = false;
    while (!found && !coming.isEmpty()) {
      byte[] directory = coming.pop();
      table.heading(headings, directory);
      found = Arrays.equals(directory, next);
    }
  }

  private static int lastSlash(byte[] path) {
    int at = path.length - 1;
    while (path[at] != '/') {
      at--;
    }
    return at;
  }
}
