package io.daxconv.oci.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.daxconv.converter.source.Digest;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.manifest.Descriptor;
import io.daxconv.oci.manifest.JsonValue;
import io.daxconv.oci.manifest.MediaTypes;
import io.daxconv.oci.registry.RegistryRepository;
import io.daxconv.oci.registry.RegistryRepository.Document;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What refers to a manifest: as the registry lists it, or where it does not, by an index with the
 * tag {@code sha256-<hex>} that clients keep (distribution-spec, "Listing Referrers" and
 * "Unavailable Referrers API").
 */
final class Referrers {
  private static final int TRIES = 8;

  /** One change at a time of one tag within this process. */
  private static final ConcurrentHashMap<String, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

  private final RegistryRepository repository;

  Referrers(RegistryRepository repository) {
    this.repository = repository;
  }

  /** The tag that stands for the list of a registry without one. */
  static String tag(Digest subject) {
    return subject.algorithm().label() + "-" + subject.hex();
  }

  /** Converted images that refer to a manifest, in the order of the list. */
  List<Descriptor> converted(Digest subject) throws IOException {
    List<Descriptor> converted = new ArrayList<>();
    List<JsonValue> listed = null;
    RegistryException unreachable = null;
    try {
      listed = repository.referrers(subject, ArtifactTypes.ARTIFACT);
    } catch (RegistryException e) {
      if (e.status() != 0) {
        throw e;
      }
      // A mirror may still have the tag.
      unreachable = e;
    }
    if (listed != null) {
      for (JsonValue entry : listed) {
        converted.add(Descriptor.read(entry));
      }
      return converted;
    }
    // Also where the list is empty: artifacts may be older than the registry's list.
    Document document = repository.manifest(tag(subject));
    if (document == null && unreachable != null) {
      throw unreachable;
    }
    if (document != null) {
      JsonValue index = JsonValue.parse("referrers of " + subject, document.bytes()).object();
      for (JsonValue entry : index.get("manifests").elements()) {
        if (ArtifactTypes.ARTIFACT.equals(entry.object().get("artifactType").optionalText())) {
          converted.add(Descriptor.read(entry));
        }
      }
    }
    return converted;
  }

  /**
   * Adds an artifact to the index of a registry that keeps no list itself. Others may do the same
   * at the same time: what is there is kept, and whether the entry stayed is looked at again.
   */
  void add(Digest subject, Descriptor manifest, ObjectNode annotations) throws IOException {
    String tag = tag(subject);
    ReentrantLock lock =
        LOCKS.computeIfAbsent(
            repository.reference().repository() + ":" + tag, t -> new ReentrantLock());
    lock.lock();
    try {
      for (int tries = 0; tries < TRIES; tries++) {
        Document document = repository.manifest(tag);
        if (document != null && lists(document, manifest.digest())) {
          return;
        }
        byte[] index = with(document, manifest, annotations);
        try {
          repository.putManifest(
              tag, MediaTypes.OCI_INDEX, index, document == null ? "" : document.etag());
        } catch (RegistryException e) {
          if (e.status() != 412) {
            throw e;
          }
        }
        pause();
      }
    } finally {
      lock.unlock();
    }
    throw new RegistryException(
        "referrers of "
            + subject
            + ": the index with tag "
            + tag
            + " is changed by others all the time: push again",
        0,
        null,
        true,
        null);
  }

  /** Two that wrote at once do not look and write at once again. */
  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(20, 120));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private static boolean lists(Document document, Digest manifest) throws IOException {
    JsonValue index = JsonValue.parse("referrers", document.bytes()).object();
    for (JsonValue entry : index.get("manifests").elements()) {
      if (entry.get("digest").digest().equals(manifest)) {
        return true;
      }
    }
    return false;
  }

  private static byte[] with(
      @Nullable Document document, Descriptor manifest, ObjectNode annotations) throws IOException {
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    index.put("schemaVersion", 2);
    index.put("mediaType", MediaTypes.OCI_INDEX);
    ArrayNode entries = index.putArray("manifests");
    if (document != null) {
      JsonValue old = JsonValue.parse("referrers", document.bytes()).object();
      for (JsonNode entry : old.get("manifests").node()) {
        entries.add(entry);
      }
    }
    ObjectNode entry = ArtifactManifest.describe(entries.addObject(), manifest);
    entry.put("artifactType", ArtifactTypes.ARTIFACT);
    entry.set("annotations", annotations);
    return ArtifactManifest.bytes(index);
  }
}
