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
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares the tree of an image, path by path, with the one it should hold. */
public final class TreeComparison {
  private final Findings findings = new Findings();
  private final AddedPaths added;
  private final Predicate<byte[]> isLeftOut;

  /** First names of files, one of whose names was replaced by something that was added. */
  private final Set<String> unlinked = new HashSet<>();

  /** What differs of the path that is being compared. */
  private final List<Finding> differences = new ArrayList<>();

  private long paths;

  private TreeComparison(AddedPaths added, Predicate<byte[]> isLeftOut) {
    this.added = added;
    this.isLeftOut = isLeftOut;
  }

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
    return compare(image, expected, AddedPaths.of(null), path -> false);
  }

  /**
   * The same of an image that has more than its source.
   *
   * @param added what may be there too, or otherwise; counts what is
   * @param isLeftOut paths of the image that are not looked at
   */
  public static Differences compare(
      ImageContents image,
      Iterable<TreeEntry> expected,
      AddedPaths added,
      Predicate<byte[]> isLeftOut)
      throws IOException {
    List<TreeEntry> sorted = new ArrayList<>();
    expected.forEach(sorted::add);
    sorted.sort((a, b) -> Arrays.compareUnsigned(a.path(), b.path()));
    TreeComparison comparison = new TreeComparison(added, isLeftOut);
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
    for (TreeEntry entry : expected) {
      if (entry.content() instanceof Regular file
          && file.firstLink() != null
          && added.covers(Escapes.escape(entry.path()))) {
        unlinked.add(Escapes.escape(file.firstLink()));
      }
    }
    TreeEntry found = next(image);
    for (TreeEntry entry : expected) {
      while (found != null && Arrays.compareUnsigned(found.path(), entry.path()) < 0) {
        unexpected(found);
        found = next(image);
      }
      if (found != null && Arrays.equals(found.path(), entry.path())) {
        paths++;
        pair(entry, found);
        settle(found, false);
        found = next(image);
      } else {
        add("path-missing", entry, kind(entry), "nothing");
        flush();
      }
    }
    for (; found != null; found = next(image)) {
      unexpected(found);
    }
    added.addMissing(findings);
  }

  private @Nullable TreeEntry next(TreeEntries image) throws CorruptImageException {
    TreeEntry found = image.next();
    while (found != null && isLeftOut.test(found.path())) {
      found = image.next();
    }
    if (found != null) {
      added.found(Escapes.escape(found.path()));
    }
    return found;
  }

  private void unexpected(TreeEntry found) throws CorruptImageException {
    add("path-unexpected", found, "nothing", kind(found));
    settle(found, true);
  }

  /** What differs of a path is no finding where that was added. */
  private void settle(TreeEntry found, boolean isNew) throws CorruptImageException {
    if (!differences.isEmpty() && added.take(found, isNew)) {
      differences.clear();
    }
    flush();
  }

  private void flush() {
    differences.forEach(
        each -> findings.add(each.id(), each.place(), each.expected(), each.found()));
    differences.clear();
  }

  private void pair(TreeEntry expected, TreeEntry found) throws CorruptImageException {
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
    byte[] first = expected.firstLink();
    if (!Arrays.equals(first, found.firstLink())
        && (first == null || !unlinked.contains(Escapes.escape(first)))) {
      add("links-differ", entry, links(first), links(found.firstLink()));
    }
  }

  private void add(String id, TreeEntry entry, String expected, String found) {
    differences.add(new Finding(id, Escapes.escape(entry.path()), expected, found));
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
