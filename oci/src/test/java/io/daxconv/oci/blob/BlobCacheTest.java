package io.daxconv.oci.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobCacheTest {
  private static final byte[] BYTES = "the bytes of a blob".getBytes(StandardCharsets.UTF_8);
  private static final Digest DIGEST = Digest.sha256(BYTES);

  @TempDir Path temp;

  private BlobCache cache() throws IOException {
    return BlobCache.open(temp);
  }

  private Path place() {
    return temp.resolve("blobs/sha256").resolve(DIGEST.hex());
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(temp.resolve("blobs/sha256"))) {
      return files.count();
    }
  }

  private static byte[] bytes(CachedBlob blob) throws IOException {
    try (InputStream in = blob.open()) {
      return in.readAllBytes();
    }
  }

  private static CachedBlob store(BlobCache cache) throws IOException {
    try (PartialBlob partial = cache.write(DIGEST, BYTES.length)) {
      partial.write(BYTES, BYTES.length);
      return partial.commit();
    }
  }

  @Test
  void keepsABlobUnderItsDigest() throws IOException {
    try (CachedBlob stored = store(cache())) {
      assertThat(bytes(stored)).isEqualTo(BYTES);
    }
    assertThat(place()).hasBinaryContent(BYTES);
    assertThat(files()).isEqualTo(1);
    try (CachedBlob found =
        Objects.requireNonNull(cache().find(DIGEST, BYTES.length, bytes -> {}))) {
      assertThat(bytes(found)).isEqualTo(BYTES);
    }
  }

  @Test
  void hasNothingUntilItIsWhole() throws IOException {
    BlobCache cache = cache();
    try (PartialBlob partial = cache.write(DIGEST, BYTES.length)) {
      partial.write(BYTES, 5);
      assertThat(cache.find(DIGEST, BYTES.length, bytes -> {})).isNull();
    }
    assertThat(files()).isZero();
  }

  @Test
  void keepsNothingThatIsWrong() throws IOException {
    byte[] wrong = BYTES.clone();
    wrong[3] ^= 1;
    try (PartialBlob partial = cache().write(DIGEST, wrong.length)) {
      partial.write(wrong, wrong.length);
      assertThatThrownBy(partial::commit)
          .isInstanceOf(SourceException.class)
          .hasMessage(
              "blob %s: expected 19 bytes with this digest, found 19 bytes with %s"
                  .formatted(DIGEST, Digest.sha256(wrong)));
    }
    try (PartialBlob partial = cache().write(DIGEST, 5)) {
      assertThatThrownBy(() -> partial.write(BYTES, BYTES.length))
          .hasMessage("blob " + DIGEST + ": expected 5 bytes, the registry sends more");
    }
    assertThat(files()).isZero();
  }

  @Test
  void removesABlobThatHasChanged() throws IOException {
    store(cache()).close();
    byte[] flipped = BYTES.clone();
    flipped[7] ^= 0x20;
    Files.write(place(), flipped);

    assertThat(cache().find(DIGEST, BYTES.length, bytes -> {})).isNull();
    assertThat(place()).doesNotExist();
  }

  @Test
  void removesABlobOfAnotherSize() throws IOException {
    store(cache()).close();
    Files.write(place(), new byte[3]);

    assertThat(cache().find(DIGEST, BYTES.length, bytes -> {})).isNull();
    assertThat(place()).doesNotExist();
  }

  @Test
  void readsOnWhatItCheckedWhateverHappensToTheName() throws IOException {
    try (CachedBlob blob = store(cache())) {
      Files.delete(place());
      Files.write(place(), new byte[19]);
      assertThat(bytes(blob)).isEqualTo(BYTES);
    }
  }

  @Test
  void removesWhatDeadDownloadsLeftAndNothingElse() throws IOException {
    BlobCache cache = cache();
    Path dead = Files.write(temp.resolve("blobs/sha256/aa.01.part"), BYTES);
    Path other = Files.write(temp.resolve("blobs/sha256/other"), BYTES);
    try (PartialBlob atWork = cache.write(DIGEST, BYTES.length)) {
      atWork.write(BYTES, BYTES.length);

      cache();

      assertThat(dead).doesNotExist();
      assertThat(other).exists();
      atWork.commit().close();
    }
    assertThat(place()).hasBinaryContent(BYTES);
  }

  @Test
  void namesTheBlobThatCannotBeWritten() throws IOException {
    BlobCache cache = cache();
    Files.delete(temp.resolve("blobs/sha256"));

    assertThatThrownBy(() -> cache.write(DIGEST, 1))
        .isInstanceOf(SourceException.class)
        .hasMessage(
            ("blob cache, %s: no such file or directory: make room there, or choose another"
                    + " directory with --cache-dir")
                .formatted(place()));
  }

  @Test
  void saysIfItCannotBeMade() throws IOException {
    Path file = Files.write(temp.resolve("file"), BYTES);

    assertThatThrownBy(() -> BlobCache.open(file))
        .isInstanceOf(SourceException.class)
        .hasMessage("cache: cannot make directory \"" + file + "/blobs/sha256\"");
  }
}
