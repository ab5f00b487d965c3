package io.daxconv.converter.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentMatchTest {
  private static final int SIZE = 100_000;

  @TempDir private Path directory;
  private DaxfsImage image;

  /** Three files of one size that begin alike and part at different places. */
  private static byte[] file(int parts) {
    byte[] bytes = new byte[SIZE];
    new SplittableRandom(7).nextBytes(bytes);
    for (int i = parts; i < SIZE; i++) {
      bytes[i] ^= (byte) 0x55;
    }
    return bytes;
  }

  @BeforeEach
  void convert() throws IOException {
    byte[] tar =
        TarBuilder.tar()
            .add(new TarEntry('0', "a").data(file(20_000)))
            .add(new TarEntry('0', "b").data(file(50_000)))
            .add(new TarEntry('0', "c").data(file(SIZE)))
            .add(new TarEntry('0', "small").data(new byte[] {1, 2, 3}))
            .add(new TarEntry('0', "empty").data(new byte[0]))
            .add(new TarEntry('0', "zeros").data(new byte[SIZE]))
            .build();
    Path out = directory.resolve("out.daxfs");
    Converter.convert(TestImages.of(tar), out, ConversionOptions.DEFAULT, ConversionListener.NONE);
    image = DaxfsImage.open(out);
  }

  @AfterEach
  void close() {
    image.close();
  }

  private FileContent match(byte[] bytes, int chunk) {
    ContentMatch match = new ImageContents(image).match(bytes.length);
    for (int at = 0; at < bytes.length; at += chunk) {
      match.data(ByteBuffer.wrap(bytes, at, Math.min(chunk, bytes.length - at)).slice());
    }
    return match.content();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 4095, 4096, 4097, 65_536, SIZE})
  void aFileOfTheImageIsKnownByItsPlace(int chunk) throws IOException {
    for (byte[] bytes :
        new byte[][] {file(20_000), file(50_000), file(SIZE), new byte[SIZE], {1, 2, 3}}) {
      FileContent content = match(bytes, chunk);
      assertThat(content).isInstanceOf(FileContent.Stored.class);
      assertThat(content.sha256()).isEqualTo(Digest.sha256(bytes));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4095, 4096, 19_999, 49_999, SIZE - 1})
  void oneOtherByteAndItIsHashed(int at) throws IOException {
    for (int parts : new int[] {20_000, 50_000, SIZE}) {
      byte[] bytes = file(parts);
      bytes[at] ^= 1;
      FileContent content = match(bytes, 1000);
      assertThat(content).isEqualTo(new FileContent.Hashed(Digest.sha256(bytes)));
    }
  }

  @Test
  void otherSizesAreHashed() throws IOException {
    for (int size : new int[] {1, 3, 4096, SIZE - 1, SIZE + 1}) {
      byte[] bytes = Arrays.copyOf(file(SIZE), size);
      assertThat(match(bytes, 4096)).isEqualTo(new FileContent.Hashed(Digest.sha256(bytes)));
    }
    assertThat(match(new byte[0], 1).sha256()).isEqualTo(Digest.sha256(new byte[0]));
  }

  @Test
  void holesAreZeros() throws IOException {
    ContentMatch match = new ImageContents(image).match(SIZE);
    match.data(ByteBuffer.allocate(10));
    match.hole(SIZE - 10);
    assertThat(match.content()).isInstanceOf(FileContent.Stored.class);
    assertThat(match.content().sha256()).isEqualTo(Digest.sha256(new byte[SIZE]));
  }

  @Test
  void bytesOfTheSameDigestAreTheSameWhereverTheyAre() throws IOException {
    FileContent stored = match(file(SIZE), 4096);
    assertThat(stored.isSameAs(new FileContent.Hashed(Digest.sha256(file(SIZE))))).isTrue();
    assertThat(stored.isSameAs(match(file(50_000), 4096))).isFalse();
  }
}
