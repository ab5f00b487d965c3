package io.daxconv.bench;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.ConversionResult;
import io.daxconv.converter.Converter;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.converter.testing.TestBlob;
import io.daxconv.converter.testing.TestImages;
import io.daxconv.converter.verify.ImageVerifier;
import io.daxconv.converter.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** An uncompressed layer of many small files or few large ones, converted and checked. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class ImageBenchmark {
  @Param({"20000x100", "200x1000000"})
  public String files;

  private SourceImage image;
  private Path directory;
  private Path converted;

  @Setup
  public void prepare() throws IOException {
    String[] shape = files.split("x", 2);
    byte[] tar = Tars.layer(Integer.parseInt(shape[0]), Integer.parseInt(shape[1]));
    image = TestImages.of(TestBlob.plain(tar));
    directory = Files.createTempDirectory("daxconv-bench");
    converted = directory.resolve("converted.daxfs");
    convert(converted);
  }

  @Benchmark
  public ConversionResult convert() throws IOException {
    return convert(directory.resolve("again.daxfs"));
  }

  @Benchmark
  public VerifyReport verify() throws IOException {
    return ImageVerifier.verify(converted);
  }

  private ConversionResult convert(Path output) throws IOException {
    return Converter.convert(image, output, ConversionOptions.DEFAULT, ConversionListener.NONE);
  }

  @TearDown
  public void remove() throws IOException {
    Files.deleteIfExists(directory.resolve("again.daxfs"));
    Files.deleteIfExists(converted);
    Files.delete(directory);
  }
}
