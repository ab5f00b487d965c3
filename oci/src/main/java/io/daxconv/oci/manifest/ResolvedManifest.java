package io.daxconv.oci.manifest;

import io.daxconv.converter.source.BlobSource;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.Provenance;
import io.daxconv.converter.source.TarLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One image, found and checked; only its layers are still to be read.
 *
 * @param indexDigest the outermost index it was chosen from, or null
 * @param manifest its own manifest, which may stand in an index
 * @param config its config
 * @param layers as many as the config has diff_ids, oldest first
 */
public record ResolvedManifest(
    @Nullable Digest indexDigest,
    Descriptor manifest,
    ImageConfig config,
    List<Descriptor> layers) {
  public ResolvedManifest {
    layers = List.copyOf(layers);
  }

  /** The digest of its own manifest. */
  public Digest manifestDigest() {
    return manifest.digest();
  }

  /** Whether a manifest or index of this digest comes to it. */
  public boolean isOf(Digest root) {
    return root.equals(indexDigest == null ? manifestDigest() : indexDigest);
  }

  /** Where it was found. */
  public Provenance provenance(String reference) {
    return new Provenance(
        reference, indexDigest, manifestDigest(), layers.stream().map(Descriptor::digest).toList());
  }

  /** The layers, their bytes from where they are kept. */
  public List<Layer> layers(Function<Descriptor, BlobSource> blobs) {
    List<Layer> tars = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Descriptor layer = layers.get(i);
      tars.add(
          new TarLayer(
              label(i), layer.digest(), layer.size(), config.diffIds().get(i), blobs.apply(layer)));
    }
    return tars;
  }

  /** How messages name a layer. */
  public String label(int index) {
    return label(index, layers.size(), layers.get(index).digest());
  }

  /** How messages name a layer: {@code layer 3 of 6 (sha256:0123456789ab)}. */
  public static String label(int index, int count, Digest digest) {
    return "layer %d of %d (%s:%s)"
        .formatted(index + 1, count, digest.algorithm().label(), digest.brief());
  }
}
