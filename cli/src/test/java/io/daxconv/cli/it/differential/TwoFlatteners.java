package io.daxconv.cli.it.differential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.IntStream;

/**
 * Flattens stacks by daxconv and by umoci, in a directory in memory where there is one: neither
 * cares, and a disk would be waited for with each image.
 */
public final class TwoFlatteners implements AutoCloseable {
  private final Path directory;

  private TwoFlatteners(Path directory) {
    this.directory = directory;
  }

  /** Makes the directory. */
  public static TwoFlatteners start() throws IOException {
    Path memory = Path.of("/dev/shm");
    return new TwoFlatteners(
        Files.isWritable(memory)
            ? Files.createTempDirectory(memory, "daxconv-differential")
            : Files.createTempDirectory("daxconv-differential"));
  }

  /** Flattens each stack in both ways; umoci's trees are listed in one go. */
  public List<Comparison> compare(List<Stack> stacks) throws IOException, InterruptedException {
    Path batch = Files.createDirectory(directory.resolve("batch"));
    // A clock of the kernel's own, by which files get their times, may be some milliseconds behind.
    long started = (System.currentTimeMillis() - 100) * 1_000_000;
    List<String> errors =
        IntStream.range(0, stacks.size())
            .parallel()
            .mapToObj(i -> unpack(batch, i, stacks.get(i)))
            .toList();
    List<String> unpacked =
        IntStream.range(0, stacks.size())
            .filter(i -> errors.get(i).isEmpty())
            .mapToObj(i -> "r" + i)
            .toList();
    Map<String, SortedMap<String, Flattened.Found>> trees = Rootfs.list(batch, unpacked);
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < stacks.size(); i++) {
      SortedMap<String, Flattened.Found> tree = trees.get("r" + i);
      Flattened theirs =
          tree == null ? new Flattened.Refused(errors.get(i)) : new Flattened.Tree(tree);
      Flattened ours = DaxconvTree.of(batch.resolve("l" + i), batch.resolve(i + ".daxfs"));
      comparisons.add(Comparison.of(stacks.get(i), ours, theirs, started));
    }
    remove(batch);
    return comparisons;
  }

  private static String unpack(Path batch, int index, Stack stack) {
    try {
      Path layout = batch.resolve("l" + index);
      Layout.write(stack, layout);
      return Umoci.unpack(layout, batch.resolve("r" + index));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A stack that differs, too, and of which no layer and no entry can be left out. */
  public Stack smallest(Stack stack) throws IOException, InterruptedException {
    Stack smallest = stack;
    while (true) {
      List<Stack> smaller = smallest.smaller();
      List<Comparison> comparisons = compare(smaller);
      int next =
          IntStream.range(0, smaller.size())
              .filter(i -> !comparisons.get(i).differences().isEmpty())
              .findFirst()
              .orElse(-1);
      if (next < 0) {
        return smallest;
      }
      smallest = smaller.get(next);
    }
  }

  /** Removes the directory; the names in it may be any, which rm takes as they are. */
  @Override
  public void close() throws IOException {
    remove(directory);
  }

  private static void remove(Path path) throws IOException {
    Process rm = new ProcessBuilder("rm", "-rf", path.toString()).inheritIO().start();
    if (rm.onExit().join().exitValue() != 0) {
      throw new IOException("rm -rf " + path + " failed");
    }
  }
}
