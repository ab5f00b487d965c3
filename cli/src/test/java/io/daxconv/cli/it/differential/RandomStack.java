package io.daxconv.cli.it.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.daxconv.converter.testing.TarEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Layers made at random: the same seed gives the same layers. Entries that every flattener refuses
 * are rare, for behind them nothing is compared.
 */
public final class RandomStack {
  private final SplittableRandom random;
  private final RandomNames names;
  private final RandomEntry entries;

  /** Paths of lower layers, and of this one, that were made last as what is no directory. */
  private final List<String> files = new ArrayList<>();

  /** Symlinks, and where they lead. */
  private final TreeMap<String, String> symlinks = new TreeMap<>();

  private final List<String> known = new ArrayList<>();
  private final Set<String> leaves = new HashSet<>();

  private RandomStack(long seed) {
    random = new SplittableRandom(seed);
    names = new RandomNames(random);
    entries = new RandomEntry(random, names);
  }

  /** The layers of a seed. */
  public static Stack of(long seed) {
    return new RandomStack(seed).stack();
  }

  private Stack stack() {
    int count = 1 + random.nextInt(5);
    List<List<Step>> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leaves.clear();
      List<Step> layer = new ArrayList<>();
      int steps = random.nextInt(20) == 0 ? random.nextInt(60) : random.nextInt(11);
      for (int j = 0; j < steps; j++) {
        layer.add(step());
      }
      layers.add(layer);
    }
    return new Stack(layers, random.nextInt(4) == 0);
  }

  private Step step() {
    String path = path();
    int dice = random.nextInt(1000);
    if (dice < 310) {
      made(path, true);
      return dice < 8 ? entries.sparse(path) : entries.file(path);
    }
    if (dice < 500) {
      made(path, false);
      return entries.directory(path);
    }
    if (dice < 580) {
      made(path, true);
      Step symlink = entries.symlink(path);
      symlinks.put(path, symlink.leadsTo());
      return symlink;
    }
    if (dice < 690 && !files.isEmpty()) {
      String target = files.get(random.nextInt(files.size()));
      target = throughSymlink(target);
      boolean self = target.equals(path) && random.nextInt(20) > 0;
      String other = self ? path + "-link" : path;
      made(other, true);
      return entries.hardLink(other, target);
    }
    if (dice < 740) {
      made(path, true);
      return entries.special(path);
    }
    if (dice < 960) {
      hidden(path);
    }
    if (dice < 870) {
      return entries.whiteout(path);
    }
    if (dice < 960) {
      return entries.opaque(path);
    }
    if (dice < 985) {
      return entries.root();
    }
    return dice < 997 ? entries.file(names.name()) : entries.odd(path);
  }

  /** A path whose directories this layer has not made files, most often near one there is. */
  private String path() {
    String path = names.path();
    if (!known.isEmpty() && random.nextInt(100) < 60) {
      String other = known.get(random.nextInt(known.size()));
      path = random.nextInt(3) == 0 && other.length() < 1000 ? other + "/" + names.name() : other;
    }
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      String prefix = path.substring(0, slash);
      if (leaves.contains(prefix) ? random.nextInt(50) > 0 : often(files.contains(prefix))) {
        return prefix;
      }
    }
    return path;
  }

  private boolean often(boolean is) {
    return is && random.nextInt(10) > 0;
  }

  /** The same file by a way that leads through a symlink, if there is one. */
  private String throughSymlink(String file) {
    for (Map.Entry<String, String> symlink : symlinks.entrySet()) {
      String place = symlink.getValue().isEmpty() ? "" : symlink.getValue() + "/";
      if (file.startsWith(place) && random.nextInt(3) == 0) {
        return symlink.getKey() + "/" + file.substring(place.length());
      }
    }
    return file;
  }

  private void made(String path, boolean leaf) {
    known.add(path);
    gone(path);
    for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      String prefix = path.substring(0, slash);
      files.removeIf(prefix::equals);
    }
    if (leaf) {
      leaves.add(path);
      files.add(path);
    } else {
      leaves.remove(path);
    }
  }

  /** What is not to be linked to any more: this path, and what is below it. */
  private void gone(String path) {
    files.removeIf(file -> (file + "/").startsWith(path + "/"));
    symlinks.keySet().removeIf(symlink -> (symlink + "/").startsWith(path + "/"));
  }

  /** The same for what a whiteout hides, which is nothing of its own layer. */
  private void hidden(String path) {
    files.removeIf(
        file ->
            (file + "/").startsWith(path + "/")
                && !leaves.contains(file)
                && random.nextInt(10) > 0);
  }

  /** Bytes of which each is a character. */
  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  static TarEntry entry(char type, String name) {
    return new TarEntry(type, bytes(name));
  }
}
