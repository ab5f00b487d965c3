package io.daxconv.converter.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.source.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
@SuppressWarnings("InputStreamSlowMultibyteRead") // speed is not what is tested
class ReadAheadTest {
  private static final ReadAhead.Size SMALL = new ReadAhead.Size(1000, 3);

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new SplittableRandom(size).nextBytes(bytes);
    return bytes;
  }

  private static ReadAhead of(byte[] bytes) {
    return new ReadAhead(
        "test",
        SMALL,
        Digest.Algorithm.SHA256,
        () -> Channels.newChannel(new ByteArrayInputStream(bytes)));
  }

  @Test
  void givesAllBytesAndTheirDigest() throws IOException {
    for (int size : new int[] {0, 1, 999, 1000, 1001, 50_000}) {
      byte[] bytes = random(size);
      ByteArrayOutputStream found = new ByteArrayOutputStream();
      try (ReadAhead ahead = of(bytes)) {
        for (ByteBuffer some = ahead.next(77); some != null; some = ahead.next(77)) {
          byte[] copy = new byte[some.remaining()];
          some.get(copy);
          found.writeBytes(copy);
        }
        assertThat(ahead.count()).isEqualTo(size);
        assertThat(ahead.finish()).isEqualTo(Digest.sha256(bytes));
      }
      assertThat(found.toByteArray()).isEqualTo(bytes);
    }
  }

  @Test
  void whatIsNotReadIsHashedAllTheSame() throws IOException {
    byte[] bytes = random(20_000);
    try (ReadAhead ahead = of(bytes)) {
      assertThat(ahead.read(new byte[10], 10)).isEqualTo(10);
      assertThat(ahead.finish()).isEqualTo(Digest.sha256(bytes));
    }
  }

  @Test
  void readsNoFurtherAheadThanItMay() throws Exception {
    AtomicInteger given = new AtomicInteger();
    CountDownLatch full = new CountDownLatch(1);
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            if (given.incrementAndGet() == SMALL.chunk() * SMALL.chunks()) {
              full.countDown();
            }
            return 1;
          }
        };
    try (ReadAhead ahead = new ReadAhead("test", SMALL, null, () -> Channels.newChannel(endless))) {
      assertThat(full.await(30, TimeUnit.SECONDS)).isTrue();
      Thread.sleep(100);
      assertThat(given.get()).isEqualTo(SMALL.chunk() * SMALL.chunks());
      assertThat(ahead.next(1)).isNotNull();
    }
  }

  @Test
  void failuresReachTheReaderBehindWhatCameBefore() throws IOException {
    InputStream broken =
        new InputStream() {
          private int left = 2500;

          @Override
          public int read() throws IOException {
            if (left == 0) {
              throw new IOException("broken");
            }
            left--;
            return 7;
          }
        };
    try (ReadAhead ahead =
        new ReadAhead("test", SMALL, Digest.Algorithm.SHA256, () -> Channels.newChannel(broken))) {
      assertThat(ahead.read(new byte[2000], 2000)).isEqualTo(2000);
      assertThatThrownBy(ahead::finish).isInstanceOf(IOException.class).hasMessage("broken");
    }
  }

  @Test
  void closingEndsAReaderThatWaits() throws Exception {
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    InputStream stuck =
        new InputStream() {
          @Override
          public int read() throws IOException {
            waiting.countDown();
            try {
              Thread.sleep(60_000);
            } catch (InterruptedException e) {
              ended.countDown();
              throw new IOException("interrupted", e);
            }
            return -1;
          }
        };
    ReadAhead ahead = new ReadAhead("test", SMALL, null, () -> Channels.newChannel(stuck));
    assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();
    ahead.close();
    assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
  }
}
