package io.daxconv.converter;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.TarLayer;
import io.daxconv.converter.testing.MadeBlob;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TestBlob;
import io.daxconv.converter.testing.TestImages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Small or endless layers that ask for much, under the usual budgets: each ends soon, in one line.
 * The time limits are far beyond what any of this takes; without them, a failure would be a hang.
 */
@Timeout(60)
class HostileLayerTest {
  private static final int MIB = 1 << 20;
  private static final byte[] EMPTY_GZIP_MEMBER = TestBlob.gzip(new byte[0], 1, 0).bytes();

  @TempDir private Path directory;
  private Budgets budgets = Budgets.DEFAULT;

  private ConversionResult convert(Layer layer) throws IOException {
    return Converter.convert(
        TestImages.of(layer),
        directory.resolve("out.daxfs"),
        new ConversionOptions(4096, true, true, false, 1, budgets),
        ConversionListener.NONE);
  }

  private String failure(Layer layer) {
    Throwable failure = catchThrowable(() -> convert(layer));
    assertThat(failure).isInstanceOf(DaxconvException.class);
    assertThat(directory).isEmptyDirectory();
    return Objects.requireNonNull(failure.getMessage());
  }

  private String failure(TarBuilder tar) {
    return failure(layer(tar.build()));
  }

  private static TarLayer layer(byte[] tar) {
    TestBlob blob = TestBlob.plain(tar);
    return MadeBlob.layer(blob.size(), count -> count == 0 ? blob.bytes() : new byte[0]);
  }

  private static byte[] bytes(TarEntry entry) {
    return tar().add(entry).build(0);
  }

  /** The header of a file of so many MiB, then that many MiB of zeros a gzip member each. */
  private static LongFunction<byte[]> zeros(long mebibytes) {
    byte[] header = bytes(TarEntry.file("z", "").size(mebibytes * MIB));
    byte[] first = TestBlob.gzip(header, 1, 0).bytes();
    byte[] member = TestBlob.gzip(new byte[MIB], 1, 0).bytes();
    byte[] end = TestBlob.gzip(new byte[1024], 1, 0).bytes();
    return count ->
        count == 0
            ? first
            : count <= mebibytes ? member : count == mebibytes + 1 ? end : new byte[0];
  }

  private static long size(LongFunction<byte[]> pieces, long count) {
    return pieces.apply(0).length
        + (count - 2) * pieces.apply(1).length
        + pieces.apply(count - 1).length;
  }

  @Test
  void aGibibyteOfZerosFromAMebibyteIsAFile() throws IOException {
    LongFunction<byte[]> zeros = zeros(1023);
    long size = size(zeros, 1025);
    assertThat(size).isLessThan(2 * MIB);

    ConversionResult result = convert(MadeBlob.layer(size, zeros));

    assertThat(result.fileBytes()).isEqualTo(1023L * MIB);
    assertThat(Files.size(directory.resolve("out.daxfs"))).isGreaterThan(1023L * MIB);
  }

  @Test
  void sixteenGibibytesOfZerosFromSixteenMebibytesAreRefusedAtTheirHeader() {
    LongFunction<byte[]> zeros = zeros(16 << 10);

    assertThat(failure(MadeBlob.layer(size(zeros, (16 << 10) + 2), zeros)))
        .startsWith("layer 1 of 1, z: expected at most 200 bytes of tar for each byte of the blob");
  }

  @Test
  void aHoleThatNothingStandsBehindIsRefusedAtItsHeader() {
    assertThat(
            failure(
                tar()
                    .add(
                        TarEntry.file("lastlog", "")
                            .pax("GNU.sparse.map", "0,0")
                            .pax("GNU.sparse.size", Long.toString(16L << 30)))))
        .isEqualTo(
            "layer 1 of 1, lastlog: expected at most 8589934592 bytes of holes in all layers, found"
                + " 17179869184");
  }

  @ParameterizedTest
  @ValueSource(chars = {'x', 'g', 'L', 'K'})
  void anExtendedHeaderOfAllTheBytesThereAreIsRefused(char type) {
    TarEntry header = new TarEntry(type, "huge").size(Long.MAX_VALUE).base256();

    assertThat(failure(tar().add(header)))
        .contains(
            ": expected at most 1048576 bytes in an extended header, found 9223372036854775807");
  }

  @Test
  void aPaxSizeOfAllTheBytesThereAreIsRefused() {
    assertThat(failure(tar().add(TarEntry.file("f", "").pax("size", "9223372036854775807"))))
        .startsWith("layer 1 of 1, f: expected at most 68719476736 bytes in one file, found 922");
  }

  @Test
  void aHundredMillionEmptyEntriesAreNotReadToTheirEnd() {
    byte[][] names = new byte[1000][];
    for (int i = 0; i < names.length; i++) {
      names[i] = bytes(TarEntry.file("f" + i, ""));
    }

    // The usual budget would do, but takes ten seconds.
    budgets = budgets.with(Budget.ENTRIES, 500_000);
    assertThat(failure(MadeBlob.layer(100_000_000L * 512, count -> names[(int) (count % 1000)])))
        .isEqualTo("layer 1 of 1, f0: expected at most 500000 entries in all layers, found 500001");
  }

  @Test
  void extendedHeadersWithoutAnEntryEndTheReading() {
    byte[] header = tar().globalPax("uid", "1".getBytes(UTF_8)).build(0);

    assertThat(failure(MadeBlob.layer(1L << 34, count -> header)))
        .contains("expected at most 1000 extended headers between two entries, found more");
  }

  @Test
  void emptyGzipMembersEndWhereTheBlobShould() {
    assertThat(failure(MadeBlob.layer(10 * MIB, count -> EMPTY_GZIP_MEMBER)))
        .isEqualTo("layer 1 of 1: blob: expected 10485760 bytes, found more");
  }

  @Test
  void directoriesThatNobodyListedCountAsEntries() {
    TarBuilder tar = tar();
    for (int i = 100; i < 200; i++) {
      tar.add(TarEntry.file("f", "").pax("path", (i + "/").repeat(1000) + "f"));
    }
    budgets = budgets.with(Budget.ENTRIES, 100_099);

    assertThat(failure(tar))
        .startsWith("layer 1 of 1, 199/199/")
        .endsWith("/199/…: expected at most 100099 entries in all layers, found 100100");
  }

  @Test
  void aFloodOfXattrsEndsTheReading() {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (int i = 0; i < 10_000; i++) {
      records.writeBytes(TarEntry.paxRecord("SCHILY.xattr.user." + i, new byte[] {1}));
    }
    byte[] start = bytes(new TarEntry('g', "g").data(records.toByteArray()));
    byte[] file = bytes(TarEntry.file("f", ""));

    assertThat(failure(MadeBlob.layer(1L << 30, count -> count == 0 ? start : file)))
        .startsWith("layer 1 of 1, f: expected at most 134217728 bytes of xattrs in all layers");
  }
}
