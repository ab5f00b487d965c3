package io.daxconv.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.oci.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads that are cut off go on where they stopped, and are held to the digest as a whole. */
@Timeout(60)
class ResumeTest {
  @TempDir Path temp;
  private final OneLayerRegistry registry = new OneLayerRegistry();

  ResumeTest() throws IOException {}

  @AfterEach
  void stop() throws IOException {
    registry.close();
  }

  private SourceImage open(int retries) throws IOException {
    return registry.open(temp, true, retries);
  }

  private byte[] pull(int retries) throws IOException {
    return registry.pull(temp, true, retries);
  }

  private Path part() {
    return temp.resolve("cache/blobs/sha256").resolve(registry.digest.hex() + ".part");
  }

  @Test
  void goesOnWhereAnAnswerBrokeOffHoweverOften() throws IOException {
    registry.breaksOffAfter(400_000);

    assertThat(pull(1)).isEqualTo(registry.layer);
    assertThat(registry.asked("range"))
        .hasSizeBetween(8, 16)
        .startsWith("-")
        .last()
        .asString()
        .isNotEqualTo("-");
    assertThat(registry.asked("if-range")).startsWith("-", "\"one\"").containsOnly("-", "\"one\"");
  }

  @Test
  void goesOnWhereAnEarlierRunStopped() throws IOException {
    registry.breaksOffAfter(2_000_000);
    assertThatThrownBy(() -> pull(0)).isInstanceOf(RegistryException.class);
    long kept = Files.size(part());
    assertThat(kept).isBetween(1L << 20, 2_000_000L);

    assertThat(pull(0)).isEqualTo(registry.layer);
    assertThat(registry.asked("range")).containsExactly("-", "bytes=" + kept + "-");
    assertThat(part()).doesNotExist();
  }

  @Test
  void beginsAnewIfWhatAnEarlierRunLeftIsWrong() throws IOException {
    Files.createDirectories(part().getParent());
    Files.write(part(), new byte[2_000_000]);
    registry.breaksOffAfter(OneLayerRegistry.SIZE);

    assertThat(pull(0)).isEqualTo(registry.layer);
    assertThat(registry.asked("range")).containsExactly("bytes=2000000-", "-");
  }

  @Test
  void takesAllOfItWhereThereAreNoRanges() throws IOException {
    AtomicInteger tries = registry.breaksOffOnceAndKnowsNoRanges();

    assertThat(pull(1)).isEqualTo(registry.layer);
    assertThat(tries).hasValue(2);
  }

  @Test
  void doesNotBelieveAnotherRangeThanItAskedFor() throws IOException {
    registry.breaksOffOnceAndAnswersAnotherRange();

    assertThat(pull(3)).isEqualTo(registry.layer);
    assertThat(registry.asked("range")).hasSize(3).last().isEqualTo("-");
  }

  @Test
  void findsThatTheRestIsOfAnotherBlob() throws IOException {
    byte[] other = registry.layer.clone();
    other[OneLayerRegistry.SIZE - 1] ^= 1;
    CountDownLatch read = new CountDownLatch(1);
    registry.server.on(
        registry.blob,
        (request, answer) -> {
          if (request.headers().containsKey("range")) {
            await(read);
          }
          OneLayerRegistry.range(request, answer, other, 2_000_000);
        });

    try (SourceImage image = open(2);
        InputStream in = OneLayerRegistry.layerOf(image)) {
      assertThat(in.read()).isEqualTo(registry.layer[0] & 0xff);
      read.countDown();
      assertThatThrownBy(in::readAllBytes)
          .isInstanceOf(SourceException.class)
          .hasMessageContaining(
              "expected 3000000 bytes with this digest, found 3000000 bytes with");
    }
    assertThat(part()).doesNotExist();
  }

  @Test
  void isReadWhileItComesIn() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    registry.server.on(
        registry.blob,
        (request, answer) -> {
          answer.head(200, OneLayerRegistry.SIZE);
          answer.out().write(registry.layer, 0, 500_000);
          answer.out().flush();
          await(read);
          answer.out().write(registry.layer, 500_000, OneLayerRegistry.SIZE - 500_000);
        });

    try (SourceImage image = open(0);
        InputStream in = OneLayerRegistry.layerOf(image)) {
      assertThat(in.readNBytes(100_000)).isEqualTo(Arrays.copyOf(registry.layer, 100_000));
      read.countDown();
      assertThat(in.readAllBytes())
          .isEqualTo(Arrays.copyOfRange(registry.layer, 100_000, OneLayerRegistry.SIZE));
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void waitsAsLongAsTheRegistryAsksAndNoLonger() throws IOException {
    registry.server.gate(
        (request, answer) -> {
          answer.error(429, "TOOMANYREQUESTS", "later", "Retry-After: 3600");
          return false;
        });

    assertThatThrownBy(() -> pull(5))
        .hasMessageEndingWith(
            "answered 429 TOOMANYREQUESTS \"later\", to be asked again after 3600 s");
    assertThat(registry.server.requests()).hasSize(1);
  }
}
