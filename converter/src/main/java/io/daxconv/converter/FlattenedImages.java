package io.daxconv.converter;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.annex.PackedImage;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.extent.ExtentStore;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.stored.StoredLayerReader;
import io.daxconv.converter.tree.Directory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The images of one conversion: each becomes a tree, and what the annex says of it is kept. */
final class FlattenedImages {
  private final ConversionOptions options;
  private final ConversionListener listener;
  private final List<Remark> remarks = new ArrayList<>();
  private final List<PackedImage> images = new ArrayList<>();

  FlattenedImages(ConversionOptions options, ConversionListener listener) {
    this.options = options;
    this.listener = listener;
  }

  /** What was met that is worth telling, in the order of reading. */
  List<Remark> remarks() {
    return remarks;
  }

  /** The images by their names; one that is all there is has an empty one. */
  List<PackedImage> byName() {
    return images.stream().sorted(Comparator.comparing(PackedImage::name)).toList();
  }

  /**
   * One image's tree.
   *
   * @param name its directory; empty where the image is all there is
   */
  Directory flatten(SourceImage image, String name, ExtentStore store) throws IOException {
    try (LayerStack stack =
        new LayerStack(
            image.layers(),
            options.jobs(),
            options.budgets(),
            listener,
            (regular, reader) ->
                regular.setExtent(
                    reader instanceof StoredLayerReader stored
                        ? stored.storeIn(store)
                        : store.store(regular.size(), reader::copyData)))) {
      Directory root = stack.flatten();
      String directory = name.isEmpty() ? "" : "/" + name;
      for (Remark remark : stack.merged().remarks()) {
        remarks.add(new Remark(remark.id(), directory + remark.path(), remark.detail()));
      }
      images.add(describe(image, name, directory, stack.diffIds()));
      return root;
    }
  }

  private PackedImage describe(
      SourceImage image, String name, String directory, List<Digest> diffIds) {
    ImageConfig config = image.config();
    JsonNode runConfig = config == null ? null : config.json().get("config");
    return new PackedImage(
        name,
        directory,
        reference(image, diffIds),
        config == null ? null : config.digest(),
        config == null ? null : config.platform(),
        diffIds,
        runConfig == null || runConfig.isNull() ? null : runConfig,
        options.recordSource() ? image.provenance() : null);
  }

  /** What the image is called, the same from every source, unless its source is to be recorded. */
  private String reference(SourceImage image, List<Digest> diffIds) {
    if (options.recordSource()) {
      return image.provenance().reference();
    }
    ImageConfig config = image.config();
    if (config != null) {
      return config.digest().toString();
    }
    return diffIds.isEmpty() ? "directory" : diffIds.getFirst().toString();
  }
}
