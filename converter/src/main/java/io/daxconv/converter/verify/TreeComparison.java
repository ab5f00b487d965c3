package io.daxconv.converter.verify;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.MappedFile;
import io.daxconv.converter.text.Escapes;
import io.daxconv.converter.verify.TreeEntry.Directory;
import io.daxconv.converter.verify.TreeEntry.Regular;
import io.daxconv.converter.verify.TreeEntry.Symlink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Compares the tree of an image, path by path, with the one it should hold. */
public final class TreeComparison {
  private final Findings findings = new Findings();
  private long paths;

  private TreeComparison() {}

  /**
   * Compares all that an image shows of its tree.
   *
   * @param image the contents of the image, which the expected ones may refer to
   * @param expected the paths that the image should have, the root among them, each once, in any
   *     order
   * @throws IOException if the image cannot be followed
   */
  public static Differences compare(ImageContents image, Iterable<TreeEntry> expected)
      throws IOException {
    List<TreeEntry> sorted = new ArrayList<>();
    expected.forEach(sorted::add);
    sorted.sort((a, b) -> Arrays.compareUnsigned(a.path(), b.path()));
    TreeComparison comparison = new TreeComparison();
    MappedFile.whileMapped(
        image.image().name(),
        () -> {
          comparison.merge(sorted, new TreeEntries(image));
          return comparison;
        });
    return new Differences(
        comparison.findings.first(), comparison.findings.count(), comparison.paths);
  }

  /** Both sides come in the order of their paths. */
  private void merge(List<TreeEntry> expected, TreeEntries image) throws IOException {
    TreeEntry found = image.next();
    for (TreeEntry entry : expected) {
      while (found != null && Arrays.compareUnsigned(found.path(), entry.path()) < 0) {
        unexpected(found);
        found = image.next();
      }
      if (found != null && Arrays.equals(found.path(), entry.path())) {
        pair(entry, found);
        found = image.next();
      } else {
        add("path-missing", entry, kind(entry), "nothing");
      }
    }
    for (; found != null; found = image.next()) {
      unexpected(found);
    }
  }

  private void unexpected(TreeEntry found) {
    add("path-unexpected", found, "nothing", kind(found));
  }

  private void pair(TreeEntry expected, TreeEntry found) throws CorruptImageException {
    paths++;
    if (expected.permissions() != found.permissions()) {
      add("mode-differs", expected, mode(expected), mode(found));
    }
    if (expected.uid() != found.uid() || expected.gid() != found.gid()) {
      add("owner-differs", expected, owner(expected), owner(found));
    }
    switch (expected.content()) {
      case Regular file when found.content() instanceof Regular other ->
          regular(expected, file, other);
      case Symlink link when found.content() instanceof Symlink other -> {
        if (!Arrays.equals(link.target(), other.target())) {
          String target = Escapes.escape(other.target());
          add("target-differs", expected, Escapes.escape(link.target()), target);
        }
      }
      case Directory directory when found.content() instanceof Directory -> {}
      default -> add("type-differs", expected, kind(expected), kind(found));
    }
  }

  private void regular(TreeEntry entry, Regular expected, Regular found)
      throws CorruptImageException {
    if (expected.size() != found.size()) {
      add("size-differs", entry, expected.size() + " bytes", found.size() + " bytes");
    } else if (!expected.bytes().isSameAs(found.bytes())) {
      String bytes = found.bytes().sha256().toString();
      add("content-differs", entry, expected.bytes().sha256().toString(), bytes);
    }
    if (!Arrays.equals(expected.firstLink(), found.firstLink())) {
      add("links-differ", entry, links(expected.firstLink()), links(found.firstLink()));
    }
  }

  private void add(String id, TreeEntry entry, String expected, String found) {
    findings.add(id, Escapes.escape(entry.path()), expected, found);
  }

  private static String kind(TreeEntry entry) {
    return switch (entry.content()) {
      case Directory directory -> "a directory";
      case Regular file -> "a regular file";
      case Symlink link -> "a symlink";
    };
  }

  private static String mode(TreeEntry entry) {
    return String.format(Locale.ROOT, "%04o", entry.permissions());
  }

  private static String owner(TreeEntry entry) {
    return entry.uid() + ":" + entry.gid();
  }

  private static String links(byte @Nullable [] firstLink) {
    return firstLink == null ? "no other name" : "a link to " + Escapes.escape(firstLink);
  }
}
