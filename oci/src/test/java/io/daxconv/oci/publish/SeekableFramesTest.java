package io.daxconv.oci.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.manifest.Descriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The artifact's blob, written and read. */
final class SeekableFramesTest {
  private static final int FRAME = SeekableFrames.FRAME;

  @TempDir private Path directory;

  /** Two frames and a bit: noise, a hole over a frame's edge, noise. */
  private static byte[] contents() {
    byte[] bytes = new byte[2 * FRAME + 12345];
    new SplittableRandom(7).nextBytes(bytes);
    Arrays.fill(bytes, FRAME / 2, FRAME + FRAME / 2, (byte) 0);
    return bytes;
  }

  private SeekableFrames.Written write(byte[] bytes, Path to, int threads) throws IOException {
    Path from = directory.resolve("file");
    Files.write(from, bytes);
    try (FileChannel in = FileChannel.open(from);
        FileChannel out =
            FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      return SeekableFrames.write(in, bytes.length, out, threads, done -> {});
    }
  }

  @Test
  void aPartIsFoundByTheTableAndReadAlone() throws IOException {
    byte[] bytes = contents();
    Path blob = directory.resolve("blob");
    write(bytes, blob, 2);
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(blob)).order(ByteOrder.LITTLE_ENDIAN);
    int end = all.limit();
    assertThat(all.getInt(end - 4)).isEqualTo(0x8F92EAB1);
    assertThat(all.get(end - 5)).isZero();
    int frames = all.getInt(end - 9);
    assertThat(frames).isEqualTo(3);
    int table = end - 9 - frames * 8;
    assertThat(all.getInt(table - 8)).isEqualTo(0x184D2A5E);
    assertThat(all.getInt(table - 4)).isEqualTo(frames * 8 + 9);
    int at = 0;
    for (int i = 0; i < frames; i++) {
      int compressed = all.getInt(table + 8 * i);
      int size = all.getInt(table + 8 * i + 4);
      byte[] frame = Arrays.copyOfRange(all.array(), at, at + compressed);
      assertThat(Zstd.decompress(frame, size))
          .isEqualTo(Arrays.copyOfRange(bytes, i * FRAME, i * FRAME + size));
      at += compressed;
    }
    assertThat(at).isEqualTo(table - 8);
  }

  @Test
  void theSameFileGivesTheSameBytesWhateverTheThreads() throws IOException {
    SeekableFrames.Written one = write(contents(), directory.resolve("one"), 1);
    SeekableFrames.Written three = write(contents(), directory.resolve("three"), 3);
    assertThat(directory.resolve("three")).hasSameBinaryContentAs(directory.resolve("one"));
    assertThat(three).isEqualTo(one);
    assertThat(one.digest()).isEqualTo(Digest.sha256(Files.readAllBytes(directory.resolve("one"))));
    assertThat(one.contentDigest()).isEqualTo(Digest.sha256(contents()));
  }

  @Test
  void anEmptyFileIsATableAlone() throws IOException {
    SeekableFrames.Written written = write(new byte[0], directory.resolve("blob"), 1);
    assertThat(written.size()).isEqualTo(17);
  }

  @Test
  void zerosCostNextToNothingThereAndHere() throws Exception {
    byte[] bytes = new byte[4 * FRAME];
    SeekableFrames.Written written = write(bytes, directory.resolve("blob"), 2);
    assertThat(written.size()).isLessThan(4096);
    Path file = read(written, bytes.length, Files.readAllBytes(directory.resolve("blob")));
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    String blocks = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    // In units of 512 bytes; the last byte is written so that the file is as long as it should be.
    assertThat(Long.parseLong(blocks.strip())).isLessThanOrEqualTo(128);
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws IOException {
    byte[] bytes = contents();
    SeekableFrames.Written written = write(bytes, directory.resolve("blob"), 2);
    Path file = read(written, bytes.length, Files.readAllBytes(directory.resolve("blob")));
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  @Test
  void otherBytesThanThePromisedOnesAreRefused() throws IOException {
    byte[] bytes = contents();
    SeekableFrames.Written written = write(bytes, directory.resolve("blob"), 2);
    byte[] blob = Files.readAllBytes(directory.resolve("blob"));
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 20; i++) {
      byte[] wrong = blob.clone();
      wrong[random.nextInt(wrong.length)] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> read(written, bytes.length, wrong))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("blob: expected " + blob.length + " bytes with digest");
    }
    byte[] longer = Arrays.copyOf(blob, blob.length + 1);
    assertThatThrownBy(() -> read(written, bytes.length, longer))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("found more");
    assertThatThrownBy(() -> read(written, bytes.length - 1, blob))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("bytes of a file, found more");
    assertThatThrownBy(() -> read(written, bytes.length + 1, blob))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("expected a file of " + (bytes.length + 1) + " bytes");
  }

  private Path read(SeekableFrames.Written written, long size, byte[] blob) throws IOException {
    Path file = directory.resolve("read");
    ArtifactManifest manifest =
        new ArtifactManifest(
            null,
            Descriptor.of(ArtifactTypes.CONTENT, written.digest(), written.size()),
            written.contentDigest(),
            size,
            new ImageFacts(8, 4096, "daxfs", null, ""));
    try (FileChannel to =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      new ContentReader("artifact", manifest, done -> {})
          .read(() -> new ByteArrayInputStream(blob), to);
    }
    return file;
  }
}
