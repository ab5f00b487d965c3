package io.daxconv.oci.daemon;

import io.daxconv.converter.files.AbandonedFiles;
import io.daxconv.converter.files.FailureReason;
import io.daxconv.converter.files.UnfinishedFile;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.SourceOptions;
import io.daxconv.oci.layout.DockerArchive;
import io.daxconv.oci.layout.Labels;
import io.daxconv.oci.manifest.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * An image of the Docker daemon, as {@code docker save} gives it (Docker Engine API, "Export an
 * image"). The daemon sends its parts in any order, so the stream stands in a file of the cache
 * until the image is closed.
 */
public final class DockerDaemon {
  private static final String SOCKET = "/var/run/docker.sock";
  private static final String SUFFIX = ".docker-save";
  private static final int LONGEST_ERROR = 1 << 16;

  /** Neither a tag nor a digest. */
  private static final Pattern NAME_ALONE = Pattern.compile("(?:[^/]*/)*[^/:@]+");

  /** What may be an image's id, or the beginning of one. */
  private static final Pattern ID = Pattern.compile("[0-9a-f]{4,64}");

  private final String reference;
  private final String label;
  private final SourceOptions options;

  private DockerDaemon(String reference, SourceOptions options) {
    this.reference = reference;
    this.label = Labels.of("docker-daemon:" + reference);
    this.options = options;
  }

  /** Opens the image that the daemon knows by a name or an id. */
  public static SourceImage open(String reference, SourceOptions options) throws IOException {
    return new DockerDaemon(reference, options).image();
  }

  private SourceImage image() throws IOException {
    if (reference.isEmpty()) {
      throw new SourceException("docker-daemon: expected an image, found nothing");
    }
    Path directory = Files.createDirectories(options.cacheDirectory());
    AbandonedFiles.remove(directory, "*" + SUFFIX);
    UnfinishedFile file = UnfinishedFile.create(directory, "", SUFFIX);
    try {
      save(file.channel());
      return DockerArchive.open(
          "docker-daemon:" + reference,
          file.path(),
          file::close,
          options.platform(),
          options.budgets());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /**
   * Of a name without a tag the daemon would give all images; {@code latest} is asked for first, as
   * Docker's own commands do.
   */
  private void save(FileChannel file) throws IOException {
    if (!NAME_ALONE.matcher(reference).matches()
        || ID.matcher(reference).matches()
        || !save(reference + ":latest", true, file)) {
      save(reference, false, file);
    }
  }

  /**
   * Takes what the daemon saves.
   *
   * @param optional whether it need not be there
   * @return whether it was there
   */
  private boolean save(String name, boolean optional, FileChannel file) throws IOException {
    String path = "/images/" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "/get";
    try (UnixHttp http = UnixHttp.get(socket(), path);
        InputStream body = http.body()) {
      if (http.status() == 404 && optional) {
        return false;
      }
      if (http.status() != 200) {
        throw refused(http.status(), body);
      }
      byte[] buffer = new byte[1 << 17];
      for (int read; (read = body.read(buffer)) >= 0; ) {
        for (ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read); bytes.hasRemaining(); ) {
          file.write(bytes);
        }
      }
      return true;
    } catch (SourceException e) {
      throw new SourceException(label + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new SourceException(label + ": " + FailureReason.of(e), e);
    }
  }

  private static SourceException refused(int status, InputStream body) throws IOException {
    String said;
    try {
      String message =
          JsonValue.parse("error", body.readNBytes(LONGEST_ERROR)).get("message").optionalText();
      said = message == null ? "" : " " + Escapes.quote(message);
    } catch (SourceException notJson) {
      said = "";
    }
    return new SourceException("the Docker daemon answered " + status + said);
  }

  private Path socket() throws SourceException {
    String host = options.environment().getOrDefault("DOCKER_HOST", "");
    if (host.isEmpty()) {
      return Path.of(SOCKET);
    }
    if (!host.startsWith("unix://")) {
      throw new SourceException(
          "DOCKER_HOST: expected unix://SOCKET, found " + Escapes.quote(host));
    }
    return Path.of(host.substring("unix://".length()));
  }
}
