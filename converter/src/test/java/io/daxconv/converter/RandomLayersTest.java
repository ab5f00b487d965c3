package io.daxconv.converter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.daxconv.converter.ReferenceTree.Entry;
import io.daxconv.converter.ReferenceTree.Kind;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.ConvertedImage;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random stacks of layers against the plainest model of what they mean. */
class RandomLayersTest extends ConversionTest {
  private static final int SEEDS = Integer.getInteger("daxconv.seeds", 300);
  private static final List<String> NAMES = List.of("a", "b", "c", "a-b");
  private static final List<String> TARGETS =
      List.of("a", "b/c", "/c", "../a", "/", ".", "..", "a/b", "/a-b/c", "nowhere", "/b/a/c");

  @Test
  void randomLayersAreWhatTheModelSays() throws IOException {
    int refused = 0;
    int empty = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      List<List<Entry>> layers = layers(new SplittableRandom(seed));
      SourceImage image = TestImages.of(tars(layers));
      List<String> expected = expected(layers);
      if (expected == null) {
        refused++;
        assertThatThrownBy(() -> SourceTree.entries(image, 1, ConversionListener.NONE))
            .as(() -> show(layers))
            .isInstanceOf(DaxconvException.class);
        continue;
      }
      empty += expected.isEmpty() ? 1 : 0;
      compare(seed, layers, image, expected);
    }
    assertThat(refused).isBetween(SEEDS / 20, SEEDS / 2);
    assertThat(empty).isLessThan(SEEDS / 10);
  }

  private void compare(
      int seed, List<List<Entry>> layers, SourceImage image, List<String> expected) {
    List<String> found;
    try {
      found = lines(convert(image, new ConversionOptions(4096, true, true, false, 1 + seed % 4)));
    } catch (IOException | AssertionError e) {
      fail("seed " + seed + ": " + e.getMessage() + "\n" + show(layers), e);
      return;
    }
    assertThat(found).as("seed %d\n%s", seed, show(layers)).isEqualTo(expected);
  }

  private static List<String> lines(ConvertedImage image) {
    return image.tree().stream()
        .map(
            line -> {
              String path = line.replaceFirst("( |/$).*", "");
              return line + " " + image.inode(path).uid();
            })
        .sorted()
        .toList();
  }

  private static @Nullable List<String> expected(List<List<Entry>> layers) {
    try {
      return ReferenceTree.list(layers).stream().sorted().toList();
    } catch (ReferenceTree.Refused e) {
      return null;
    }
  }

  private static List<List<Entry>> layers(SplittableRandom random) {
    int[] serial = {1};
    List<List<Entry>> layers = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      List<Entry> layer = new ArrayList<>();
      List<String> files = new ArrayList<>();
      layers.forEach(
          below ->
              below.stream()
                  .filter(entry -> entry.kind() == Kind.FILE)
                  .forEach(entry -> files.add(entry.path())));
      int entries = random.nextInt(9);
      for (int j = 0; j < entries; j++) {
        Entry entry = entry(random, files, serial[0]++);
        layer.add(entry);
        if (entry.kind() == Kind.FILE) {
          files.add(entry.path());
        }
      }
      layers.add(layer);
    }
    return layers;
  }

  private static Entry entry(SplittableRandom random, List<String> files, int serial) {
    String path = path(random);
    int dice = random.nextInt(100);
    if (dice < 35) {
      return new Entry(Kind.FILE, path, "f" + random.nextInt(serial), serial);
    }
    if (dice < 55) {
      return new Entry(Kind.DIRECTORY, path, "", serial);
    }
    if (dice < 63) {
      return new Entry(Kind.SYMLINK, path, pick(random, TARGETS), serial);
    }
    if (dice < 73 && !files.isEmpty()) {
      // A path at random may lead through symlinks of any layer.
      String target = random.nextInt(8) == 0 ? path(random) : pick(random, files);
      if (!(target + "/").startsWith(path + "/") || random.nextInt(10) == 0) {
        return new Entry(Kind.HARD_LINK, path, target, serial);
      }
    }
    if (dice < 76) {
      return new Entry(Kind.FIFO, path, "", serial);
    }
    return new Entry(dice < 93 ? Kind.WHITEOUT : Kind.OPAQUE, path, "", serial);
  }

  private static String path(SplittableRandom random) {
    StringBuilder path = new StringBuilder(pick(random, NAMES));
    for (int depth = random.nextInt(3); depth > 0; depth--) {
      path.append('/').append(pick(random, NAMES));
    }
    return path.toString();
  }

  private static String pick(SplittableRandom random, List<String> from) {
    return from.get(random.nextInt(from.size()));
  }

  private static byte[][] tars(List<List<Entry>> layers) {
    byte[][] tars = new byte[layers.size()][];
    for (int i = 0; i < tars.length; i++) {
      TarBuilder tar = TarBuilder.tar();
      layers.get(i).forEach(entry -> tar.add(entry(entry)));
      tars[i] = tar.build();
    }
    return tars;
  }

  private static TarEntry entry(Entry entry) {
    String path = entry.path();
    TarEntry made =
        switch (entry.kind()) {
          case FILE -> TarEntry.file(path, entry.text());
          case DIRECTORY -> TarEntry.directory(path);
          case SYMLINK -> TarEntry.symlink(path, entry.text());
          case HARD_LINK -> TarEntry.hardLink(path, entry.text());
          case FIFO -> new TarEntry('6', path);
          case WHITEOUT -> TarEntry.file(path.replaceFirst("[^/]*$", ".wh.$0"), "");
          case OPAQUE -> TarEntry.file(path + "/.wh..wh..opq", "");
        };
    return made.owner(entry.uid(), 0);
  }

  private static String show(List<List<Entry>> layers) {
    return layers.stream()
        .map(
            layer ->
                layer.stream().map(Entry::toString).collect(Collectors.joining("\n  ", "  ", "")))
        .collect(Collectors.joining("\nlayer\n", "layer\n", ""));
  }
}
