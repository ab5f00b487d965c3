package io.daxconv.oci.registry;

import io.daxconv.converter.Budgets;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.manifest.Descriptor;
import io.daxconv.oci.manifest.DocumentSource;
import io.daxconv.oci.manifest.Documents;
import io.daxconv.oci.manifest.ManifestResolver;
import io.daxconv.oci.manifest.MediaTypes;
import io.daxconv.oci.manifest.ResolvedManifest;
import java.io.IOException;
import java.security.MessageDigest;

/** Manifests and configs of one repository, into memory and bounded. */
final class RegistryDocuments implements DocumentSource {
  private final RegistryReference reference;
  private final RegistryClient client;
  private final Budgets budgets;

  RegistryDocuments(RegistryReference reference, RegistryClient client, Budgets budgets) {
    this.reference = reference;
    this.client = client;
    this.budgets = budgets;
  }

  /** What a reference names, and its bytes. */
  static final class Root {
    private final String what;
    private final Descriptor descriptor;
    private final byte[] bytes;

    private Root(String what, Descriptor descriptor, byte[] bytes) {
      this.what = what;
      this.descriptor = descriptor;
      this.bytes = bytes;
    }

    /** The image that it comes to. */
    ResolvedManifest resolve(ManifestResolver resolver) throws IOException {
      try {
        return resolver.resolve(descriptor, bytes);
      } catch (SourceException e) {
        throw new SourceException(what + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * What the reference names. A digest in the reference must be that of the bytes; of a tag only
   * the registry can say what it is, and then its {@code Docker-Content-Digest} must be.
   */
  Root root() throws IOException {
    String what = "image " + reference;
    return client.get(
        what,
        "manifests/" + reference.selector(),
        MediaTypes.accepted(),
        reply -> {
          byte[] bytes = Documents.read(what + ": manifest", budgets, reply.body()::readNBytes);
          Digest digest = reference.digest();
          if (digest == null) {
            digest = Digest.sha256(bytes);
            checkHeader(what, reply.header("Docker-Content-Digest"), bytes);
          }
          return new Root(
              what, Descriptor.of(reply.header("Content-Type"), digest, bytes.length), bytes);
        });
  }

  static void checkHeader(String what, String header, byte[] bytes) throws SourceException {
    if (header.isEmpty()) {
      return;
    }
    Digest expected;
    try {
      expected = Digest.parse(header);
    } catch (SourceException otherAlgorithm) {
      throw new SourceException(
          what + ": Docker-Content-Digest: expected a digest, found " + Escapes.quote(header));
    }
    MessageDigest hash = expected.algorithm().newHash();
    hash.update(bytes);
    Digest found = Digest.of(expected.algorithm(), hash);
    if (!found.equals(expected)) {
      throw new SourceException(
          what + ": manifest: expected digest " + expected + ", found " + found);
    }
  }

  @Override
  public byte[] manifest(String what, Descriptor descriptor) throws IOException {
    return read(what, "manifests/", MediaTypes.accepted(), descriptor);
  }

  @Override
  public byte[] config(String what, Descriptor descriptor) throws IOException {
    return read(what, "blobs/", "*/*", descriptor);
  }

  private byte[] read(String what, String path, String accept, Descriptor descriptor)
      throws IOException {
    int limit = descriptor.readLimit(what, budgets);
    return client.get(
        what, path + descriptor.digest(), accept, reply -> reply.body().readNBytes(limit));
  }
}
