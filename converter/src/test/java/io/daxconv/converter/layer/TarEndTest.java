package io.daxconv.converter.layer;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestBlob;
import io.daxconv.converter.testing.TestImages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a tar ends, and where it must not. */
class TarEndTest extends ConversionTest {
  private static final TarBuilder TWO = tar().file("a", "1").file("b", "2");

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 20})
  void anyNumberOfZeroBlocksEndsATar(int blocks) throws IOException {
    assertThat(convert(TestImages.of(TWO.build(blocks))).tree())
        .containsExactly("/a '1'", "/b '2'");
  }

  @Test
  void anEmptyBlobIsATarWithoutEntries() throws IOException {
    assertThat(convert(TestImages.of(new byte[0])).tree()).isEmpty();
  }

  @Test
  void whatComesAfterTheEndMeansNothingButCounts() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(TWO.build());
    all.writeBytes(tar().file("c", "3").build());
    all.writeBytes(new byte[] {1, 2, 3});
    byte[] tar = all.toByteArray();
    assertThat(convert(TestImages.of(tar)).tree()).containsExactly("/a '1'", "/b '2'");

    byte[] changed = tar.clone();
    changed[changed.length - 1]++;
    Digest right = Digest.sha256(tar);
    assertThat(failure(TestImages.of(TestBlob.plain(changed).withDiffId(right))))
        .contains("layer 1 of 1", right.toString(), Digest.sha256(changed).toString());
    assertThat(failure(TestImages.of(TestBlob.plain(changed).withDigest(right))))
        .contains("layer 1 of 1", right.toString(), Digest.sha256(changed).toString());
    assertThat(failure(TestImages.of(TestBlob.gzip(changed, 1, 0).withDiffId(right))))
        .contains("layer 1 of 1", right.toString(), Digest.sha256(changed).toString());
  }

  /**
   * Every length that a tar can be cut to. Only behind an entry's last byte may it end: before, in
   * or after the padding, which some writers leave out and Go's reader does not miss.
   */
  @Test
  void aTarThatEndsInsideAnEntryIsAnError() throws IOException {
    TarBuilder entries = tar();
    NavigableMap<Integer, Integer> complete = new TreeMap<>();
    NavigableMap<Integer, Integer> padded = new TreeMap<>(Map.of(0, 0));
    addEntry(entries, TarEntry.file("a", "x".repeat(700)), 700, complete, padded);
    addEntry(entries, TarEntry.directory("d"), 0, complete, padded);
    addEntry(entries, TarEntry.file("short", "1").pax("path", "long"), 1, complete, padded);
    addEntry(entries, TarEntry.file("n".repeat(120), "").gnuLongNames(), 0, complete, padded);
    addEntry(entries, TarEntry.file("g", "y".repeat(512)), 512, complete, padded);
    addEntry(entries, TarEntry.symlink("l", "t"), 0, complete, padded);
    byte[] tar = entries.build(0);
    for (int length = 0; length <= tar.length; length += step(length)) {
      var image = TestImages.of(Arrays.copyOf(tar, length));
      Map.Entry<Integer, Integer> before = complete.floorEntry(length);
      Map.Entry<Integer, Integer> whole = padded.ceilingEntry(length);
      boolean inPadding = before != null && before.getValue().equals(whole.getValue());
      if (inPadding || padded.containsKey(length)) {
        assertThat(convert(image).tree()).as("cut at %d", length).hasSize(whole.getValue());
      } else {
        assertThat(failure(image)).as("cut at %d", length).contains("layer 1 of 1", "truncated");
      }
    }
  }

  /** Adds an entry and notes where its last byte of data and its last block end. */
  private static void addEntry(
      TarBuilder entries,
      TarEntry entry,
      int data,
      Map<Integer, Integer> complete,
      Map<Integer, Integer> padded) {
    int length = entries.add(entry).build(0).length;
    complete.put(length - (-data & 511), complete.size() + 1);
    padded.put(length, complete.size());
  }

  /** Around the borders of blocks byte by byte, between them in larger steps. */
  private static int step(int length) {
    int inBlock = length & 511;
    return inBlock < 2 || inBlock > 508 ? 1 : inBlock < 480 ? 29 : 1;
  }

  @Test
  void aTarThatEndsInsideASparseMapIsAnError() {
    TarEntry old =
        new TarEntry('S', "f")
            .format(TarEntry.Format.GNU)
            .patch(386, "00000000000\00000000000000")
            .patch(482, new byte[] {1})
            .patch(483, "00000000000\0");
    assertThat(failure(TestImages.of(tar().add(old).build(0))))
        .contains("layer 1 of 1", "truncated");
  }

  @Test
  void aTarThatEndsAfterAnExtendedHeaderIsAnError() {
    byte[] pax = tar().add(TarEntry.file("f", "").pax("path", "g")).build(0);
    assertThat(failure(TestImages.of(Arrays.copyOf(pax, pax.length - 512))))
        .contains("layer 1 of 1", "truncated");
    assertThat(failure(tar().add(new TarEntry('L', "././@LongLink").data(new byte[] {'n', 0}))))
        .contains("layer 1 of 1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCompressedBlobThatEndsEarlyIsAnError(boolean gzip) {
    byte[] tar = TWO.build();
    byte[] blob = (gzip ? TestBlob.gzip(tar, 1, 0) : TestBlob.zstd(tar, 1)).bytes();
    for (int length = 1; length < blob.length; length++) {
      byte[] cut = Arrays.copyOf(blob, length);
      // Nobody says what the blob should be: the compression itself must tell.
      assertThat(failure(TestImages.of(TestBlob.of(cut, tar).unsaid())))
          .as("cut at %d of %d", length, blob.length)
          .contains("layer 1 of 1");
    }
  }

  @Test
  void aGarbledBlobIsAnError() {
    byte[] tar = TWO.build();
    for (TestBlob blob : new TestBlob[] {TestBlob.gzip(tar, 1, 0), TestBlob.zstd(tar, 1)}) {
      byte[] garbled = blob.bytes().clone();
      for (int i = garbled.length / 2; i < garbled.length - 4; i++) {
        garbled[i] ^= 0x55;
      }
      assertThat(
              failure(TestImages.of(TestBlob.of(garbled, tar).unsaid().withDiffId(blob.diffId()))))
          .contains("layer 1 of 1");
    }
  }
}
