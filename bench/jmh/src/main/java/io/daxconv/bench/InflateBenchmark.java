package io.daxconv.bench;

import io.daxconv.converter.compress.Compression;
import io.daxconv.converter.testing.TestBlob;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A layer of 32 MiB from its blob to its tar, by each decoder. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class InflateBenchmark {
  @Param({"isal", "jdk", "zstd"})
  public String decoder;

  private byte[] blob;
  private ByteBuffer out;

  @Setup
  public void prepare() {
    byte[] tar = Tars.layer(2000, 16_000);
    blob =
        decoder.equals("zstd") ? TestBlob.zstd(tar, 1).bytes() : TestBlob.gzip(tar, 1, 0).bytes();
    out = ByteBuffer.allocateDirect(1 << 18);
    System.setProperty("daxconv.inflater", decoder.equals("zstd") ? "auto" : decoder);
  }

  /** The number of bytes, so that none of the work can be left out. */
  @Benchmark
  public long inflate() throws IOException {
    long count = 0;
    try (ReadableByteChannel tar =
        Compression.decompress(Channels.newChannel(new ByteArrayInputStream(blob)))) {
      for (int read = 0; read >= 0; read = tar.read(out.clear())) {
        count += read;
      }
    }
    return count;
  }
}
