package io.daxconv.converter.verify;

import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.FileXattrs;
import io.daxconv.converter.annex.SpecialFile;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares what an image's annex says that DAXFS cannot hold with what its source has: xattrs and
 * special files, path by path.
 */
public final class LeftOutComparison {
  private final Findings findings = new Findings();
  private final Predicate<String> isLeftOut;

  private LeftOutComparison(Predicate<String> isLeftOut) {
    this.isLeftOut = isLeftOut;
  }

  /**
   * Compares an annex.
   *
   * @param annex the image's, or null if it has none
   * @param xattrs what it should have, each path once
   * @param specialFiles what it should have, each path once
   */
  public static Differences compare(
      @Nullable Annex annex, List<FileXattrs> xattrs, List<SpecialFile> specialFiles) {
    return compare(annex, xattrs, specialFiles, AddedPaths.of(null), path -> false);
  }

  /**
   * The same of an image that has more than its source.
   *
   * @param added what may be there too, or otherwise
   * @param isLeftOut paths of the image, escaped, that are not looked at
   */
  public static Differences compare(
      @Nullable Annex annex,
      List<FileXattrs> xattrs,
      List<SpecialFile> specialFiles,
      AddedPaths added,
      Predicate<String> isLeftOut) {
    LeftOutComparison comparison =
        new LeftOutComparison(path -> isLeftOut.test(path) || added.covers(path));
    comparison.specialFiles(specialFiles, annex == null ? List.of() : annex.specialFiles());
    comparison.xattrs(xattrs, annex == null ? List.of() : annex.xattrs());
    Findings findings = comparison.findings;
    return new Differences(
        findings.first(), findings.count(), (long) xattrs.size() + specialFiles.size());
  }

  private void specialFiles(List<SpecialFile> expected, List<SpecialFile> found) {
    Map<String, SpecialFile> left = new HashMap<>();
    found.forEach(file -> left.put(file.path(), file));
    for (SpecialFile file : expected) {
      SpecialFile other = left.remove(file.path());
      if (!file.equals(other)) {
        add("special-file-differs", file.path(), text(file), text(other));
      }
    }
    for (SpecialFile file : found) {
      if (left.containsKey(file.path())) {
        add("special-file-differs", file.path(), "nothing", text(file));
      }
    }
  }

  private void xattrs(List<FileXattrs> expected, List<FileXattrs> found) {
    Map<String, FileXattrs> left = new HashMap<>();
    found.forEach(file -> left.put(file.path(), file));
    for (FileXattrs file : expected) {
      FileXattrs other = left.remove(file.path());
      if (other == null || !isSame(file, other)) {
        add("xattrs-differ", file.path(), names(file), names(other));
      }
    }
    for (FileXattrs file : found) {
      if (left.containsKey(file.path())) {
        add("xattrs-differ", file.path(), "none", names(file));
      }
    }
  }

  private void add(String id, String path, String expected, String found) {
    if (!isLeftOut.test(path)) {
      findings.add(id, path, expected, found);
    }
  }

  private static boolean isSame(FileXattrs one, FileXattrs other) {
    return one.xattrs().keySet().equals(other.xattrs().keySet())
        && one.xattrs().entrySet().stream()
            .allMatch(xattr -> Arrays.equals(xattr.getValue(), other.xattrs().get(xattr.getKey())));
  }

  private static String text(@Nullable SpecialFile file) {
    return file == null
        ? "nothing"
        : "%s %04o %d:%d, number %d:%d"
            .formatted(
                file.type(),
                file.permissions(),
                file.uid(),
                file.gid(),
                file.major(),
                file.minor());
  }

  private static String names(@Nullable FileXattrs file) {
    if (file == null) {
      return "none";
    }
    StringBuilder names = new StringBuilder();
    file.xattrs()
        .forEach(
            (name, value) ->
                names
                    .append(names.isEmpty() ? "" : ", ")
                    .append(name)
                    .append(" of ")
                    .append(value.length)
                    .append(" bytes"));
    return names.toString();
  }
}
