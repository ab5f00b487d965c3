package io.daxconv.oci.batch;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.Provenance;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.source.StoredLayer;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.converter.stored.StoredLayerFile;
import io.daxconv.converter.stored.StoredLayers;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.manifest.Descriptor;
import io.daxconv.oci.manifest.ResolvedManifest;
import io.daxconv.oci.registry.RegistryReference;
import io.daxconv.oci.registry.RegistryRepository;
import io.daxconv.oci.registry.RegistryRepository.Document;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An image in a registry whose layers are read into what all images share, each once. */
public final class KeptImage implements SourceImage {
  private final Provenance provenance;
  private final ImageConfig config;
  private final List<StoredLayerFile> files;
  private final List<Layer> layers;

  private KeptImage(
      Provenance provenance, ImageConfig config, List<StoredLayerFile> files, List<Layer> layers) {
    this.provenance = provenance;
    this.config = config;
    this.files = files;
    this.layers = layers;
  }

  /** An image that was found; none of its layers has been asked for. */
  public static final class Found implements AutoCloseable {
    private final RegistryRepository repository;
    private final ResolvedManifest manifest;

    private Found(RegistryRepository repository, ResolvedManifest manifest) {
      this.repository = repository;
      this.manifest = manifest;
    }

    /** Where it was found. */
    public Provenance provenance() {
      return manifest.provenance(repository.reference().toString());
    }

    /** Its manifest and config. */
    public ResolvedManifest image() {
      return manifest;
    }

    /** The digest of its config. */
    public Digest imageId() {
      return manifest.config().digest();
    }

    /** What it runs on. */
    public Platform platform() {
      return manifest.config().platform();
    }

    /** Bytes of its blobs, as its manifest has them. */
    public long blobBytes() {
      return manifest.layers().stream().mapToLong(Descriptor::size).sum();
    }

    /** Brings in what is not there of its layers, the newest first. */
    public KeptImage keep(StoredLayers kept, BlobListener listener) throws IOException {
      List<StoredLayerFile> files = new ArrayList<>();
      List<Layer> layers = new ArrayList<>();
      try {
        for (int i = manifest.layers().size() - 1; i >= 0; i--) {
          StoredLayerFile file = keep(kept, i, listener);
          files.add(file);
          layers.add(new StoredLayer(manifest.label(i), file));
        }
      } catch (IOException | RuntimeException e) {
        closeAll(files);
        throw e;
      }
      Collections.reverse(layers);
      return new KeptImage(provenance(), manifest.config(), files, layers);
    }

    private StoredLayerFile keep(StoredLayers kept, int index, BlobListener listener)
        throws IOException {
      Descriptor layer = manifest.layers().get(index);
      return kept.get(
          manifest.config().diffIds().get(index),
          keep -> {
            StoredLayerFile file =
                repository.blob(
                    manifest.label(index),
                    layer,
                    bytes ->
                        keep.keep(
                            new TarLayer(
                                manifest.label(index),
                                layer.digest(),
                                layer.size(),
                                manifest.config().diffIds().get(index),
                                bytes),
                            read -> {}));
            listener.downloaded(layer.size());
            return file;
          });
    }

    @Override
    public void close() {
      repository.close();
    }
  }

  /** Hears of downloads; calls come from many threads. */
  @FunctionalInterface
  public interface BlobListener {
    /** A blob has been downloaded and read. */
    void downloaded(long bytes);
  }

  /**
   * Finds an image and checks its manifest and config.
   *
   * @throws RegistryException if the registry does not have it
   */
  public static Found find(RegistryReference reference, SourceOptions options) throws IOException {
    RegistryRepository repository = RegistryRepository.openToRead(reference, options);
    try {
      Document root = repository.manifest(reference.selector());
      if (root == null) {
        throw new RegistryException("registry has no image " + reference, 404, null, false, null);
      }
      return new Found(repository, repository.resolve(root));
    } catch (IOException | RuntimeException e) {
      repository.close();
      throw e;
    }
  }

  private static void closeAll(List<StoredLayerFile> files) throws IOException {
    for (StoredLayerFile file : files) {
      file.close();
    }
  }

  @Override
  public Provenance provenance() {
    return provenance;
  }

  @Override
  public ImageConfig config() {
    return config;
  }

  @Override
  public List<Layer> layers() {
    return List.copyOf(layers);
  }

  @Override
  public void close() throws IOException {
    closeAll(files);
  }
}
