package io.daxconv.converter;

import io.daxconv.converter.annex.ImageMode;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.image.ImagePlan;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.Node;
import io.daxconv.converter.tree.RegularFile;
import io.daxconv.converter.tree.Symlink;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what a conversion made. */
final class Results {
  private Results() {}

  static ConversionResult of(
      Path output,
      ImagePlan plan,
      Extents extents,
      LeftOut leftOut,
      List<Remark> remarks,
      ConversionOptions options,
      ImageMode.@Nullable Backing backing) {
    long regularFiles = 0;
    long directories = 0;
    long symlinks = 0;
    for (Node node : plan.daxfs().inodes().nodes()) {
      regularFiles += node instanceof RegularFile ? 1 : 0;
      directories += node instanceof Directory ? 1 : 0;
      symlinks += node instanceof Symlink ? 1 : 0;
    }
    return new ConversionResult(
        output,
        plan.totalSize(),
        regularFiles,
        directories,
        symlinks,
        plan.daxfs().inodes().names(),
        extents.fileBytes(),
        extents.storedBytes(),
        leftOut.xattrs().size(),
        leftOut.specialFiles().size(),
        remarks,
        extents.paddingBytes(),
        options.placement().backing(),
        backing == null ? 0 : backing.size());
  }
}
