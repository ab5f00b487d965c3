package io.daxconv.cli;

import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.NamedImage;
import io.daxconv.converter.SourceTree;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.PackedImage;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.text.Escapes;
import io.daxconv.converter.verify.AddedPaths;
import io.daxconv.converter.verify.Differences;
import io.daxconv.converter.verify.ImageContents;
import io.daxconv.converter.verify.LeftOutComparison;
import io.daxconv.converter.verify.TreeComparison;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * What an image is compared with: its source, or of a file of several images some of theirs. What
 * its annex says was changed on the way is taken into account, and told.
 */
final class Against {
  private final CommandSpec spec;
  private final List<String> wanted;
  private long uidShift;
  private long added;
  private final List<String> notCompared = new ArrayList<>();

  Against(CommandSpec spec, List<String> wanted) {
    this.spec = spec;
    this.wanted = wanted;
  }

  /**
   * What the image must hold.
   *
   * @throws ParameterException if it is one image and several are named, or it does not hold one
   *     that is named
   */
  SourceTree.Contents expected(
      ImageContents converted,
      SourceArguments source,
      Streams streams,
      BudgetOptions budgets,
      Progress progress)
      throws IOException {
    SplitImage.requireData(spec, converted.image());
    Annex annex = converted.image().annex();
    uidShift = annex == null ? 0 : annex.mode().uidShift();
    int jobs = ConversionOptions.DEFAULT.jobs();
    if (annex != null && !annex.images().isEmpty()) {
      List<NamedImage> images =
          new NamedSources(spec, source, streams, budgets).images(wanted, progress);
      choose(annex.images(), images);
      return SourceTree.contents(images, uidShift, jobs, budgets.budgets(), progress, converted);
    }
    if (wanted.size() != 1) {
      throw misuse("expected one IMAGE, for the file holds one image, found " + wanted.size());
    }
    try (SourceImage image = source.open(wanted.getFirst(), streams, budgets.budgets(), progress)) {
      return SourceTree.contents(image, uidShift, jobs, budgets.budgets(), progress, converted);
    }
  }

  private void choose(List<PackedImage> there, List<NamedImage> named) {
    List<String> names = there.stream().map(PackedImage::name).toList();
    for (NamedImage image : named) {
      if (!names.contains(image.name())) {
        throw misuse("expected NAME=IMAGE with a NAME of " + names + ", found " + image.name());
      }
    }
    List<String> compared = named.stream().map(NamedImage::name).toList();
    names.stream().filter(name -> !compared.contains(name)).forEach(notCompared::add);
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), "--against: " + message);
  }

  /** The tree, path by path, and what DAXFS cannot hold of it. */
  List<Differences> compare(ImageContents converted, SourceTree.Contents expected)
      throws IOException {
    Annex annex = converted.image().annex();
    AddedPaths paths = AddedPaths.of(annex);
    Predicate<String> isLeftOut =
        path ->
            notCompared.stream()
                .anyMatch(name -> path.equals("/" + name) || path.startsWith("/" + name + "/"));
    Differences tree =
        TreeComparison.compare(
            converted,
            expected.entries(),
            paths,
            path -> !notCompared.isEmpty() && isLeftOut.test(Escapes.escape(path)));
    added = paths.taken();
    return List.of(
        tree,
        LeftOutComparison.compare(
            annex, expected.xattrs(), expected.specialFiles(), paths, isLeftOut));
  }

  /** What the image was added to on the way. */
  long added() {
    return added;
  }

  /** What was added to each owner on the way. */
  long uidShift() {
    return uidShift;
  }

  /** What is the same, if there was no difference. */
  String verdict() {
    StringBuilder text = new StringBuilder(", and the same tree as " + String.join(", ", wanted));
    if (uidShift != 0) {
      text.append(" with owners shifted by ").append(uidShift);
    }
    if (added != 0) {
      text.append(" but for ").append(Sizes.count(added, "path", "paths")).append(" added");
    }
    if (!notCompared.isEmpty()) {
      text.append("; not compared: ").append(String.join(", ", notCompared));
    }
    return text.toString();
  }
}
