package io.daxconv.cli;

import io.daxconv.converter.source.Digest;
import io.daxconv.oci.publish.ArtifactListener;
import java.nio.charset.StandardCharsets;

/** Shows an artifact's transfers as those of blobs are shown, one at a time. */
final class ArtifactProgress implements ArtifactListener {
  private final Progress progress;
  private final String name;
  private final Digest key;
  private String stage = "";

  ArtifactProgress(Progress progress, String name) {
    this.progress = progress;
    this.name = ErrorLine.ofUser(name);
    this.key = Digest.sha256(name.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void compressing(long bytes, long total) {
    reach("compressing", bytes, total);
  }

  @Override
  public void uploading(long bytes, long total) {
    reach("uploading", bytes, total);
  }

  @Override
  public void downloading(long bytes, long total) {
    reach("fetching", bytes, total);
  }

  private void reach(String now, long bytes, long total) {
    if (!now.equals(stage)) {
      stage = now;
      progress.started(key, name, now, total);
    }
    progress.blobProgress(key, bytes);
    if (bytes == total) {
      progress.blobFinished(key, total, false);
    }
  }
}
