package io.daxconv.oci.publish;

import io.daxconv.converter.Budget;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.manifest.Descriptor;
import io.daxconv.oci.manifest.ResolvedManifest;
import io.daxconv.oci.registry.RegistryReference;
import io.daxconv.oci.registry.RegistryRepository;
import io.daxconv.oci.registry.RegistryRepository.Document;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the converted image that belongs to an image, and takes it from the registry. */
public final class ArtifactPull implements Closeable {
  private final RegistryRepository repository;
  private final SourceOptions options;

  private ArtifactPull(RegistryRepository repository, SourceOptions options) {
    this.repository = repository;
    this.options = options;
  }

  /** Prepares to ask a registry, or its mirrors. */
  public static ArtifactPull openToRead(RegistryReference reference, SourceOptions options)
      throws IOException {
    return new ArtifactPull(RegistryRepository.openToRead(reference, options), options);
  }

  /** Prepares to ask the host that an artifact of this name is pushed to. */
  public static ArtifactPull open(RegistryReference reference, SourceOptions options)
      throws IOException {
    return new ArtifactPull(RegistryRepository.open(reference, options), options);
  }

  /**
   * A converted image in the registry.
   *
   * @param manifest its digest
   * @param imageId the id of the image that it must be made of, or null where only the artifact was
   *     named and does not say it
   * @param subject the manifest that it says it was made of, or null
   * @param pageSize of the kernels that it is for, in bytes
   * @param contentDigest the file
   * @param contentSize bytes of the file
   * @param blobSize bytes that have to be downloaded
   */
  public record Found(
      Digest manifest,
      @Nullable Digest imageId,
      @Nullable Digest subject,
      int pageSize,
      Digest contentDigest,
      long contentSize,
      long blobSize) {}

  /**
   * What there is for a reference.
   *
   * @param source the image's own manifest; null where only an artifact was named, or nothing is
   *     there
   * @param found the converted image, or null
   * @param trouble why none can be taken though there may be one: what is listed does not hold, or
   *     a mirror lists none and the registry cannot be reached; else null
   */
  public record Answer(
      @Nullable Digest source, @Nullable Found found, @Nullable DaxconvException trouble) {
    Answer(@Nullable Digest source, @Nullable Found found) {
      this(source, found, null);
    }
  }

  /**
   * Looks for the converted image of an image and platform, or of an artifact by its own name,
   * which may be for another page size.
   *
   * @param pageSize the page size it is to be for
   * @throws SourceException if the image does not hold
   */
  public Answer find(int pageSize) throws IOException {
    return find(pageSize, null);
  }

  /**
   * The same for an image that may be known already.
   *
   * @param known is not asked for again if it is what the reference names
   */
  public Answer find(int pageSize, @Nullable ResolvedManifest known) throws IOException {
    RegistryReference reference = repository.reference();
    Document root = repository.manifest(reference.selector());
    if (root == null) {
      return new Answer(null, null);
    }
    if (ArtifactManifest.is("image " + reference, root.bytes())) {
      ArtifactManifest artifact = ArtifactManifest.read("artifact " + reference, root.bytes());
      Digest digest = Digest.sha256(root.bytes());
      return new Answer(null, found(digest, artifact, artifact.facts().imageId()));
    }
    ResolvedManifest image =
        known != null && known.isOf(root.descriptor().digest()) ? known : repository.resolve(root);
    try {
      return new Answer(image.manifestDigest(), listed(image, pageSize));
    } catch (RegistryException e) {
      if (e.status() != 0) {
        throw e;
      }
      return new Answer(image.manifestDigest(), null, e);
    } catch (SourceException e) {
      return new Answer(image.manifestDigest(), null, e);
    }
  }

  private @Nullable Found listed(ResolvedManifest image, int pageSize) throws IOException {
    Descriptor listed =
        choose(new Referrers(repository).converted(image.manifestDigest()), pageSize);
    if (listed == null) {
      return null;
    }
    ArtifactManifest artifact = artifact(listed);
    Descriptor subject = artifact.subject();
    Digest imageId = image.config().digest();
    if (subject == null
        || !subject.digest().equals(image.manifestDigest())
        || !imageId.equals(artifact.facts().imageId())) {
      throw new SourceException(
          "artifact %s: expected to be made of %s, found another subject"
              .formatted(listed.digest(), image.manifestDigest()));
    }
    return found(listed.digest(), artifact, imageId);
  }

  private static Found found(Digest digest, ArtifactManifest artifact, @Nullable Digest imageId) {
    Descriptor subject = artifact.subject();
    return new Found(
        digest,
        imageId,
        subject == null ? null : subject.digest(),
        artifact.facts().pageSize(),
        artifact.contentDigest(),
        artifact.contentSize(),
        artifact.content().size());
  }

  /** The last that fits: later ones are behind earlier ones. */
  private static @Nullable Descriptor choose(List<Descriptor> listed, int pageSize) {
    Descriptor chosen = null;
    for (Descriptor each : listed) {
      if (Integer.toString(pageSize).equals(each.annotations().get(ArtifactTypes.PAGE_SIZE))) {
        chosen = each;
      }
    }
    return chosen;
  }

  private ArtifactManifest artifact(Descriptor listed) throws IOException {
    Document document = repository.manifest(listed.digest().toString());
    if (document == null) {
      throw new SourceException("artifact " + listed.digest() + ": is listed and not there");
    }
    return ArtifactManifest.read("artifact " + listed.digest(), document.bytes());
  }

  /**
   * Downloads what was found into a file, checking the blob and the whole file against their
   * digests.
   *
   * @param to is filled from its start, holes left out
   */
  public void fetch(Found found, FileChannel to, ArtifactListener listener) throws IOException {
    String what = "artifact " + found.manifest();
    Document document = repository.manifest(found.manifest().toString());
    if (document == null) {
      throw new SourceException(what + ": is gone");
    }
    ArtifactManifest artifact = ArtifactManifest.read(what, document.bytes());
    options.budgets().check(Budget.BYTES, artifact.contentSize(), what);
    options.budgets().check(Budget.BLOB_SIZE, artifact.content().size(), what);
    ContentReader reader =
        new ContentReader(
            what, artifact, bytes -> listener.downloading(bytes, artifact.content().size()));
    repository.blob(
        what,
        artifact.content(),
        blob -> {
          reader.read(blob, to);
          return found;
        });
  }

  @Override
  public void close() {
    repository.close();
  }
}
