package io.daxconv.converter.layer;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.LayerException;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestBlob;
import io.daxconv.converter.testing.TestImages;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a blob must be: compressed in a known way, and what its image says it is. */
class LayerBlobTest extends ConversionTest {
  private static final byte[] TAR =
      tar().file("a", "a".repeat(5000)).file("b", "2").hardLink("c", "b").build();
  private static final String[] TREE = {"/a 5000 bytes", "/b '2'", "/c = /b"};
  private static final Digest OTHER = Digest.sha256(new byte[] {1});

  private static TestBlob[] forms() {
    return new TestBlob[] {
      TestBlob.plain(TAR),
      TestBlob.gzip(TAR, 1, 0),
      TestBlob.gzip(TAR, 1, 512),
      TestBlob.gzip(TAR, 2, 0),
      TestBlob.gzip(TAR, 7, 1),
      TestBlob.gzip(TAR, TAR.length, 0),
      TestBlob.gzip(TAR, 7, 10000),
      TestBlob.zstd(TAR, 1),
      TestBlob.zstd(TAR, 7),
      TestBlob.zstd(TAR, 500),
    };
  }

  @Test
  void compressionIsToldByTheBytes() throws IOException {
    for (TestBlob blob : forms()) {
      assertThat(convert(TestImages.of(blob)).tree()).containsExactly(TREE);
      assertThat(convert(TestImages.of(blob.unsaid())).tree()).containsExactly(TREE);
    }
  }

  @Test
  void theAnnexHasTheDiffIdWhetherSaidOrNot() throws IOException {
    for (TestBlob blob : forms()) {
      assertThat(convert(TestImages.of(blob)).annex().diffIds())
          .containsExactly(Digest.sha256(TAR));
      assertThat(convert(TestImages.of(blob.unsaid())).annex().diffIds())
          .containsExactly(Digest.sha256(TAR));
    }
  }

  @Test
  void aWrongBlobDigestIsAnError() {
    for (TestBlob blob : forms()) {
      assertThat(failure(TestImages.of(TestBlob.plain(TAR), blob.withDigest(OTHER))))
          .contains("layer 2 of 2")
          .contains(OTHER.toString())
          .contains(Digest.sha256(blob.bytes()).toString());
    }
  }

  @Test
  void aWrongDiffIdIsAnError() {
    for (TestBlob blob : forms()) {
      assertThat(failure(TestImages.of(blob.withDiffId(OTHER), TestBlob.plain(TAR))))
          .contains("layer 1 of 2")
          .contains("diff_id")
          .contains(OTHER.toString())
          .contains(Digest.sha256(TAR).toString());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, 100000})
  void aWrongSizeIsAnError(int difference) {
    for (TestBlob blob : forms()) {
      long said = Math.max(0, blob.size() + difference);
      assertThat(failure(TestImages.of(blob.withSize(said))))
          .contains("layer 1 of 1")
          .contains(Long.toString(said));
    }
  }

  @Test
  void aTruncatedBlobIsAnErrorThatSaysSo() {
    for (TestBlob blob : forms()) {
      byte[] cut = Arrays.copyOf(blob.bytes(), blob.bytes().length / 2);
      TestBlob said = TestBlob.of(cut, TAR).withDigest(blob.digest()).withSize(blob.size());
      assertThat(failure(TestImages.of(said)))
          .contains("layer 1 of 1")
          .containsPattern("(?i)truncat|unexpected end|eof|corrupt|incomplete");
    }
  }

  @Test
  void sha512DigestsAreCheckedToo() throws IOException {
    MessageDigest hash = Digest.Algorithm.SHA512.newHash();
    hash.update(TAR);
    Digest right = Digest.of(Digest.Algorithm.SHA512, hash);
    assertThat(
            convert(TestImages.of(TestBlob.plain(TAR).withDigest(right).withDiffId(right))).tree())
        .containsExactly(TREE);
    Digest wrong = Digest.of(Digest.Algorithm.SHA512, Digest.Algorithm.SHA512.newHash());
    assertThat(failure(TestImages.of(TestBlob.plain(TAR).withDigest(wrong))))
        .contains(wrong.toString(), right.toString());
    assertThat(failure(TestImages.of(TestBlob.plain(TAR).withDiffId(wrong))))
        .contains(wrong.toString(), right.toString());
  }

  @Test
  void aLayerThatIsHiddenAltogetherIsCheckedToo() {
    byte[] lower = tar().file("d/f", "old").build();
    byte[] upper = tar().whiteout(".wh..wh..opq").build();
    assertThat(
            failure(TestImages.of(TestBlob.plain(lower).withDigest(OTHER), TestBlob.plain(upper))))
        .contains("layer 1 of 2", OTHER.toString());
    assertThat(
            failure(
                TestImages.of(TestBlob.gzip(lower, 1, 0).withDiffId(OTHER), TestBlob.plain(upper))))
        .contains("layer 1 of 2", OTHER.toString());
  }

  @Test
  void xzAndBzip2AreErrorsThatNameThem() {
    byte[] xz = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0, 4};
    assertThat(failure(TestImages.of(xz))).contains("layer 1 of 1", "xz", "gzip", "zstd");
    byte[] bzip2 = {'B', 'Z', 'h', '9', '1', 'A', 'Y', '&', 'S', 'Y'};
    assertThat(failure(TestImages.of(bzip2))).contains("layer 1 of 1", "bzip2", "gzip", "zstd");
  }

  @Test
  void aBlobThatCannotBeOpenedIsAnError() {
    TarLayer missing =
        new TarLayer(
            "layer 1 of 1",
            OTHER,
            10,
            null,
            () -> {
              throw new io.daxconv.converter.source.SourceException("blob: not there");
            });
    assertThat(failure(TestImages.of(missing))).contains("blob: not there");
  }

  @Test
  void aBlobIsReadFromItsStartWheneverItIsOpened() throws IOException {
    // The file that d/f hides must be read again, for its other name shows.
    byte[] lower = tar().file("d/f", "data").hardLink("k", "d/f").build();
    byte[] upper = tar().file("d", "").build();
    assertThat(convert(TestImages.of(lower, upper)).tree()).containsExactly("/d ''", "/k 'data'");
  }

  @Test
  void aBlobThatIsAnotherWhenReadAgainIsAnError() {
    byte[] lower = tar().file("d/f", "data").hardLink("k", "d/f").build();
    byte[] other = tar().file("d/f", "atad").hardLink("k", "d/f").build();
    byte[] upper = tar().file("d", "").build();
    int[] opened = new int[1];
    TarLayer changing =
        new TarLayer(
            "layer 1 of 2",
            Digest.sha256(lower),
            lower.length,
            Digest.sha256(lower),
            () -> new ByteArrayInputStream(opened[0]++ == 0 ? lower : other));
    TarLayer hiding =
        new TarLayer("layer 2 of 2", null, -1, null, () -> new ByteArrayInputStream(upper));
    assertThat(failure(TestImages.of(changing, hiding))).contains("layer 1 of 2");
  }

  @Test
  void whatTheSystemRefusesKeepsItsReason() throws IOException {
    IOException reason = new FileNotFoundException("no such blob");
    TarLayer failing =
        new TarLayer(
            "layer 1 of 1",
            null,
            -1,
            null,
            () -> {
              throw reason;
            });
    Throwable failure =
        org.assertj.core.api.Assertions.catchThrowable(() -> convert(TestImages.of(failing)));
    assertThat(failure)
        .isInstanceOf(LayerException.class)
        .hasMessage("layer 1 of 1: blob: cannot be read: no such blob")
        .hasRootCause(reason);
    assertThat(filesLeft()).isEmpty();
  }

  /** Nobody should make room for the output when a disk with layers fails. */
  @Test
  void aFailureOnTheWayIsTheBlobsAndNotTheOutputs() throws IOException {
    byte[] data = new byte[3 << 20];
    byte[] tar = tar().add(TarEntry.file("big", "").data(data)).build();
    InputStream failing =
        new SequenceInputStream(
            new ByteArrayInputStream(tar, 0, 1 << 20),
            new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("Input/output error");
              }

              @Override
              public int read(byte[] into, int offset, int length) throws IOException {
                return read();
              }
            });
    TarLayer layer = new TarLayer("layer 1 of 1", null, -1, null, () -> failing);
    assertThatThrownBy(() -> convert(TestImages.of(layer)))
        .isInstanceOf(LayerException.class)
        .hasMessage("layer 1 of 1, at or behind big: blob: cannot be read: Input/output error");
    assertThat(filesLeft()).isEmpty();
  }

  /** It is read ahead into memory of its own, by threads that wait for room. */
  @Test
  void whatCannotBeOpenedIsNotReadOn() throws InterruptedException {
    byte[] bzip2 = Arrays.copyOf(new byte[] {'B', 'Z', 'h'}, 8 << 20);
    String label = "layer that is closed";
    TarLayer layer = new TarLayer(label, null, 100, null, () -> new ByteArrayInputStream(bzip2));
    assertThat(failure(TestImages.of(layer))).contains("expected 100 bytes, found more");
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().contains(label)) {
        assertThat(thread.join(Duration.ofSeconds(30))).as(thread.getName()).isTrue();
      }
    }
  }
}
