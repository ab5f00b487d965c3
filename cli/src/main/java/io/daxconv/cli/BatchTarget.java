package io.daxconv.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.ConversionResult;
import io.daxconv.converter.Converter;
import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.stored.StoredLayers;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.batch.KeptImage;
import io.daxconv.oci.publish.ArtifactListener;
import io.daxconv.oci.publish.ArtifactPull;
import io.daxconv.oci.publish.ArtifactPush;
import io.daxconv.oci.publish.ImageFacts;
import io.daxconv.oci.registry.RegistryReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where a batch puts what it makes.
 *
 * @param directory the files' directory; with a template, that of work under way
 * @param template the references to push to, or null to keep files
 * @param journal what is finished
 * @param source how registries are spoken to
 * @param conversion what is made
 * @param numbers gives work under way its names
 */
record BatchTarget(
    Path directory,
    @Nullable String template,
    BatchJournal journal,
    SourceOptions source,
    ConversionOptions conversion,
    AtomicLong numbers) {

  /**
   * Makes one image, unless it is there.
   *
   * @param begun when that was begun, as of {@link System#nanoTime}
   */
  BatchOutcome put(BatchItem item, StoredLayers layers, BatchSummary summary, long begun)
      throws IOException {
    try (KeptImage.Found found = KeptImage.find(item.reference(), source)) {
      return template == null
          ? file(item, found, layers, summary, begun)
          : artifact(item, item.fill(template), found, layers, summary, begun);
    }
  }

  private BatchOutcome file(
      BatchItem item, KeptImage.Found found, StoredLayers layers, BatchSummary summary, long begun)
      throws IOException {
    Path file = directory.resolve(item.output());
    Done work = new Done(item, found, item.output().toString(), begun);
    JsonNode noted = journal.find(key(work.place));
    String manifest = String.valueOf(found.provenance().manifestDigest());
    if (noted != null
        && noted.path("source").asText().equals(manifest)
        && Files.isRegularFile(file)
        && Files.size(file) == noted.path("size").asLong()
        && Files.getLastModifiedTime(file).toMillis() == noted.path("modified").asLong()) {
      return work.outcome(BatchOutcome.Status.SKIPPED, null, Files.size(file));
    }
    BatchOutcome.Status status = BatchOutcome.Status.SKIPPED;
    if (!holds(file, found)) {
      status = BatchOutcome.Status.DONE;
      Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
      convert(found, file, layers, summary);
    }
    journal.add(
        key(work.place),
        Json.object()
            .put("source", manifest)
            .put("size", Files.size(file))
            .put("modified", Files.getLastModifiedTime(file).toMillis()));
    return work.outcome(status, null, Files.size(file));
  }

  /** Whether a file that nobody noted is what would be made: a run was killed before it could. */
  private boolean holds(Path file, KeptImage.Found found) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try {
      return ConvertedFacts.of(file.toString(), file).facts().equals(facts(found));
    } catch (DaxconvException somethingElse) {
      return false;
    }
  }

  private ImageFacts facts(KeptImage.Found found) {
    return new ImageFacts(
        Superblock.VERSION,
        conversion.pageSize(),
        ConvertedFacts.views(conversion.overlay() != null, conversion.erofsView()),
        found.imageId(),
        found.platform().toString());
  }

  private String key(String place) {
    return place + " page-size=" + conversion.pageSize();
  }

  private ConversionResult convert(
      KeptImage.Found found, Path file, StoredLayers layers, BatchSummary summary)
      throws IOException {
    try (KeptImage image = found.keep(layers, summary::downloaded)) {
      return Converter.convert(image, file, conversion, ConversionListener.NONE);
    }
  }

  private BatchOutcome artifact(
      BatchItem item,
      String place,
      KeptImage.Found found,
      StoredLayers layers,
      BatchSummary summary,
      long begun)
      throws IOException {
    RegistryReference to = RegistryReference.parse(place);
    Done work = new Done(item, found, to.toString(), begun);
    try (ArtifactPull registry = ArtifactPull.open(to, source)) {
      ArtifactPull.Found there = registry.find(conversion.pageSize(), found.image()).found();
      if (there != null
          && found.imageId().equals(there.imageId())
          && Objects.equals(found.provenance().manifestDigest(), there.subject())
          && there.pageSize() == conversion.pageSize()) {
        note(found, to, there.manifest());
        return work.outcome(
            BatchOutcome.Status.SKIPPED, there.manifest().toString(), there.contentSize());
      }
    }
    Path file = directory.resolve(numbers.incrementAndGet() + ".daxfs");
    try {
      convert(found, file, layers, summary);
      ArtifactPush.Subject subject = new ArtifactPush.Subject.Known(found.image());
      ArtifactPush.Result pushed =
          ArtifactPush.push(
              new ArtifactPush.Request(file, facts(found), to, subject, null, null),
              source,
              ArtifactListener.NONE);
      note(found, to, pushed.manifest());
      return work.outcome(
          BatchOutcome.Status.DONE, pushed.manifest().toString(), pushed.contentSize());
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private void note(KeptImage.Found found, RegistryReference to, Digest artifact)
      throws IOException {
    journal.add(
        key(to.toString()),
        Json.object()
            .put("source", String.valueOf(found.provenance().manifestDigest()))
            .put("artifact", artifact.toString()));
  }

  /** What is known of an image when it is finished. */
  private record Done(BatchItem item, KeptImage.Found found, String place, long begun) {
    BatchOutcome outcome(BatchOutcome.Status status, @Nullable String artifact, long size) {
      return new BatchOutcome(
          item.image(),
          status,
          String.valueOf(found.provenance().manifestDigest()),
          place,
          artifact,
          size,
          found.blobBytes(),
          BatchRun.millis(begun),
          null);
    }
  }
}
