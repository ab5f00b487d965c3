package io.daxconv.oci.publish;

import io.daxconv.converter.files.AbandonedFiles;
import io.daxconv.converter.files.UnfinishedFile;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.blob.FileSlice;
import io.daxconv.oci.manifest.Descriptor;
import io.daxconv.oci.manifest.MediaTypes;
import io.daxconv.oci.manifest.ResolvedManifest;
import io.daxconv.oci.registry.RegistryReference;
import io.daxconv.oci.registry.RegistryRepository;
import io.daxconv.oci.registry.RegistryRepository.Document;
import io.daxconv.oci.registry.RegistryRepository.Placed;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Puts a converted image into a registry, attached to the image that it was made of. */
public final class ArtifactPush {
  private static final String SUFFIX = ".frames";

  private final Request request;
  private final SourceOptions options;
  private final ArtifactListener listener;

  /**
   * What is to be pushed.
   *
   * @param file the converted image
   * @param facts what it says of itself
   * @param to its place: if this names an image, the artifact is attached to it and the tag stays
   *     the image's; else it gets the tag
   * @param subject the image that it was made of; null to find out
   * @param recorded the manifest that the file says it was made of, or null
   * @param mountFrom another repository of the same registry that may have the blob, or null
   */
  public record Request(
      Path file,
      ImageFacts facts,
      RegistryReference to,
      @Nullable Subject subject,
      @Nullable Digest recorded,
      @Nullable String mountFrom) {}

  /** The image that a file was made of. */
  public sealed interface Subject {
    /** One that is asked for, wherever that is. */
    record Named(RegistryReference reference) implements Subject {}

    /** One that was found before. */
    record Known(ResolvedManifest image) implements Subject {}
  }

  /**
   * What was pushed.
   *
   * @param manifest the artifact
   * @param subject the image that it is attached to, or null
   * @param tag what it is called, or null
   * @param contentDigest the file
   * @param contentSize bytes of the file
   * @param blobDigest the blob
   * @param blobSize bytes of the blob
   * @param placed whether the blob had to be uploaded
   * @param listedBy how it is found: {@code api}, {@code tag} or, without a subject, {@code none}
   */
  public record Result(
      Digest manifest,
      @Nullable Digest subject,
      @Nullable String tag,
      Digest contentDigest,
      long contentSize,
      Digest blobDigest,
      long blobSize,
      Placed placed,
      String listedBy) {}

  private ArtifactPush(Request request, SourceOptions options, ArtifactListener listener) {
    this.request = request;
    this.options = options;
    this.listener = listener;
  }

  /**
   * Pushes: blobs first, the manifest last, so that nothing is found before all of it is there.
   *
   * @throws SourceException if the file was not made of the image it would be attached to
   * @throws io.daxconv.oci.RegistryException if the registry does not take it
   */
  public static Result push(Request request, SourceOptions options, ArtifactListener listener)
      throws IOException {
    return new ArtifactPush(request, options, listener).push();
  }

  private Result push() throws IOException {
    Path directory = options.cacheDirectory().resolve("publish");
    Files.createDirectories(directory);
    AbandonedFiles.remove(directory, "*" + SUFFIX);
    try (RegistryRepository repository = RegistryRepository.open(request.to(), options);
        UnfinishedFile frames = UnfinishedFile.create(directory, "", SUFFIX)) {
      Document there = repository.manifest(request.to().selector());
      boolean artifact =
          there != null && ArtifactManifest.is("image " + request.to(), there.bytes());
      Descriptor subject = subject(repository, artifact ? null : there);
      boolean tagged = there == null || artifact;
      if (tagged && request.to().digest() != null) {
        throw new SourceException(
            "image " + request.to() + ": expected an image or a tag, found neither");
      }
      return push(repository, subject, tagged ? request.to().tag() : null, frames.channel());
    }
  }

  private Result push(
      RegistryRepository repository,
      @Nullable Descriptor subject,
      @Nullable String tag,
      FileChannel frames)
      throws IOException {
    SeekableFrames.Written written = compress(frames);
    ArtifactManifest artifact =
        new ArtifactManifest(
            subject,
            Descriptor.of(ArtifactTypes.CONTENT, written.digest(), written.size()),
            written.contentDigest(),
            Files.size(request.file()),
            request.facts());
    Placed placed =
        repository.putBlob(
            written.digest(),
            new FileSlice(frames, 0, written.size()),
            request.mountFrom(),
            bytes -> listener.uploading(bytes, written.size()));
    putEmptyConfig(repository);
    byte[] manifest = artifact.toBytes();
    Digest digest = Digest.sha256(manifest);
    boolean listed =
        repository.putManifest(
            tag == null ? digest.toString() : tag, MediaTypes.OCI_MANIFEST, manifest, "");
    if (subject != null && !listed) {
      Descriptor descriptor = Descriptor.of(MediaTypes.OCI_MANIFEST, digest, manifest.length);
      new Referrers(repository).add(subject.digest(), descriptor, artifact.annotations());
    }
    return new Result(
        digest,
        subject == null ? null : subject.digest(),
        tag,
        written.contentDigest(),
        artifact.contentSize(),
        written.digest(),
        written.size(),
        placed,
        subject == null ? "none" : listed ? "api" : "tag");
  }

  private SeekableFrames.Written compress(FileChannel frames) throws IOException {
    try (FileChannel file = FileChannel.open(request.file(), StandardOpenOption.READ)) {
      long size = file.size();
      return SeekableFrames.write(
          file,
          size,
          frames,
          Runtime.getRuntime().availableProcessors(),
          bytes -> listener.compressing(bytes, size));
    }
  }

  private void putEmptyConfig(RegistryRepository repository) throws IOException {
    byte[] empty = ArtifactTypes.emptyBytes();
    Path directory = options.cacheDirectory().resolve("publish");
    try (UnfinishedFile file = UnfinishedFile.create(directory, "", SUFFIX)) {
      file.channel().write(java.nio.ByteBuffer.wrap(empty));
      repository.putBlob(
          ArtifactTypes.EMPTY_DIGEST,
          new FileSlice(file.channel(), 0, empty.length),
          null,
          bytes -> {});
    }
  }

  /** The manifest of the image that the file was made of; null if nobody knows one. */
  private @Nullable Descriptor subject(RegistryRepository repository, @Nullable Document there)
      throws IOException {
    switch (request.subject()) {
      case Subject.Named(RegistryReference named) -> {
        return named(named);
      }
      case Subject.Known(ResolvedManifest image) -> {
        return checked(repository.reference(), image);
      }
      case null -> {
        return recorded(repository, there);
      }
    }
  }

  private Descriptor named(RegistryReference named) throws IOException {
    try (RegistryRepository elsewhere = RegistryRepository.openToRead(named, options)) {
      Document document = elsewhere.manifest(named.selector());
      if (document == null) {
        throw new SourceException("--subject " + named + ": expected an image, found none");
      }
      return checked(named, elsewhere.resolve(document));
    }
  }

  private @Nullable Descriptor recorded(RegistryRepository repository, @Nullable Document there)
      throws IOException {
    Digest recorded = request.recorded();
    Document document = recorded == null ? null : repository.manifest(recorded.toString());
    if (document == null) {
      document = there;
    }
    return document == null ? null : checked(repository.reference(), repository.resolve(document));
  }

  private Descriptor checked(RegistryReference reference, ResolvedManifest image)
      throws SourceException {
    Digest imageId = request.facts().imageId();
    if (!image.config().digest().equals(imageId)) {
      throw new SourceException(
          "%s: expected to be made of the image %s with id %s, found id %s"
              .formatted(request.file(), reference, image.config().digest(), imageId));
    }
    Descriptor manifest = image.manifest();
    return manifest.mediaType().isEmpty()
        ? Descriptor.of(MediaTypes.OCI_MANIFEST, manifest.digest(), manifest.size())
        : manifest;
  }
}
