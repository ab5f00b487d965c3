package io.daxconv.oci.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.DaxconvException;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.oci.ImageSources;
import io.daxconv.oci.SourceOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Layouts and archives of any bytes: an image, or an error in one line.
 *
 * <p>A layout comes as documents with a byte 0 between them, the last one the {@code index.json}.
 * Each may name an earlier one: {@code #0} stands for the first one's digest and {@code ~0} for its
 * size, which a fuzzer would not find by itself.
 */
final class LayoutTarget {
  private static final int MOST_DOCUMENTS = 8;

  private final Path directory;

  LayoutTarget(Path directory) {
    this.directory = directory;
  }

  /** A layout. */
  void layout(byte[] input) throws IOException {
    String[] documents = new String(input, ISO_8859_1).split("\0", MOST_DOCUMENTS);
    List<Path> files = new ArrayList<>();
    Path blobs = Files.createDirectories(directory.resolve("blobs/sha256"));
    List<Digest> digests = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (int i = 0; i < documents.length; i++) {
      String text = documents[i];
      for (int j = 0; j < i; j++) {
        text =
            text.replace("#" + j, digests.get(j).toString())
                .replace("~" + j, sizes.get(j).toString());
      }
      byte[] bytes = text.getBytes(ISO_8859_1);
      digests.add(Digest.sha256(bytes));
      sizes.add(bytes.length);
      Path file =
          i == documents.length - 1
              ? directory.resolve("index.json")
              : blobs.resolve(digests.getLast().hex());
      Files.write(file, bytes);
      files.add(file);
    }
    Path version = directory.resolve("oci-layout");
    Files.writeString(version, "{\"imageLayoutVersion\":\"1.0.0\"}");
    files.add(version);
    open("oci:" + directory);
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }

  /** An archive, taken for each of its kinds. */
  void archive(byte[] input) throws IOException {
    Path file = directory.resolve("archive");
    Files.write(file, input);
    open("oci-archive:" + file);
    open("docker-archive:" + file);
    Files.delete(file);
  }

  private void open(String image) throws IOException {
    SourceOptions options = SourceOptions.builder(Map.of(), directory).build();
    try (SourceImage source = ImageSources.open(image, options)) {
      Objects.requireNonNull(source.config());
      assertThat(source.layers()).hasSameSizeAs(source.config().diffIds());
    } catch (DaxconvException e) {
      assertThat(e.getMessage()).matches("[ -~…]+");
    }
  }
}
