package io.daxconv.converter.layer;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.Budgets;
import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarEntry;
import io.daxconv.converter.testing.TarEntry.Format;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers as different writers make them: where names stand, and how numbers are written. */
class TarHeaderFormTest extends ConversionTest {
  private static final String LONG =
      "some/directory/with/a/name/that/is/rather/long/" + "n".repeat(200);

  private static LayerEntry first(TarEntry entry) throws IOException {
    byte[] bytes = tar().add(entry).build();
    return Objects.requireNonNull(
        new TarReader(new ArrayTarBytes(java.nio.ByteBuffer.wrap(bytes)), Budgets.DEFAULT).next());
  }

  private static String path(LayerEntry entry) {
    return new String(entry.path(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void allHeadersReadTheSame(Format format) throws IOException {
    TarEntry entry =
        TarEntry.file("f", "1").format(format).mode(0751).owner(1000, 2000).mtime(1234567890);
    assertThat(first(entry).mtimeSeconds()).isEqualTo(1234567890);
    assertThat(convert(tar().add(entry)).detail("/f")).isEqualTo("/f f 0751 1000:2000");
  }

  @Test
  void aNameMayFillItsField() throws IOException {
    String name = "n".repeat(100);
    assertThat(tree(tar().file(name, "1").symlink("l", "t".repeat(100))))
        .containsExactly("/l -> " + "t".repeat(100), "/" + name + " '1'");
  }

  @Test
  void ustarPrefixes() throws IOException {
    assertThat(tree(tar().add(TarEntry.file("c/f", "1").prefix("a/b"))))
        .containsExactly("/a/", "/a/b/", "/a/b/c/", "/a/b/c/f '1'");
    String prefix = "p".repeat(155);
    assertThat(path(first(TarEntry.file("f", "1").prefix(prefix)))).isEqualTo(prefix + "/f");
  }

  @Test
  void gnuHeadersHaveNoPrefix() throws IOException {
    // GNU keeps times there: atime at 345, ctime at 357 (tar.h, struct oldgnu_header).
    TarEntry entry =
        TarEntry.file("f", "1").format(Format.GNU).patch(345, "14545454545\0" + "14545454545\0");
    assertThat(tree(tar().add(entry))).containsExactly("/f '1'");
  }

  @Test
  void starHeadersHaveAShorterPrefix() throws IOException {
    // star: prefix[131] at 345, atime[12] at 476, ctime[12] at 488, "tar\0" at 508.
    TarEntry entry =
        TarEntry.file("f", "1")
            .prefix("p".repeat(131))
            .patch(476, "14545454545 14545454545 ")
            .patch(508, "tar\0");
    assertThat(path(first(entry))).isEqualTo("p".repeat(131) + "/f");
  }

  @Test
  void v7HeadersHaveNoPrefix() throws IOException {
    assertThat(tree(tar().add(TarEntry.file("f", "1").format(Format.V7).patch(345, "junk"))))
        .containsExactly("/f '1'");
  }

  @Test
  void gnuLongNamesAndLinks() throws IOException {
    assertThat(
            convert(
                    tar()
                        .add(TarEntry.file(LONG, "1").gnuLongNames())
                        .add(TarEntry.symlink("l".repeat(120), LONG).gnuLongNames())
                        .add(TarEntry.hardLink("z".repeat(120), LONG).gnuLongNames()))
                .tree())
        .contains(
            "/" + LONG + " '1'",
            "/" + "l".repeat(120) + " -> " + LONG,
            "/" + "z".repeat(120) + " = /" + LONG);
  }

  @Test
  void aGnuLongNameHoldsForOneEntry() throws IOException {
    assertThat(tree(tar().add(TarEntry.file("x".repeat(101), "1").gnuLongNames()).file("f", "2")))
        .containsExactly("/f '2'", "/" + "x".repeat(101) + " '1'");
  }

  @Test
  void paxNamesWinOverTheHeaders() throws IOException {
    assertThat(
            tree(
                tar()
                    .add(TarEntry.file("f", "1").prefix("p").pax("path", LONG))
                    .add(TarEntry.symlink("l", "short").pax("linkpath", LONG))))
        .contains("/" + LONG + " '1'", "/l -> " + LONG);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "2097151, 2097151", "2097152, 7", "4294967294, 65536"})
  void ownersAreUnsignedNumbersOf32Bits(long uid, long gid) throws IOException {
    assertThat(convert(tar().add(TarEntry.file("f", "1").owner(uid, gid))).detail("/f"))
        .isEqualTo("/f f 0644 " + uid + ":" + gid);
    assertThat(convert(tar().add(TarEntry.file("f", "1").owner(uid, gid).base256())).detail("/f"))
        .isEqualTo("/f f 0644 " + uid + ":" + gid);
    assertThat(
            convert(
                    tar()
                        .add(
                            TarEntry.file("f", "1")
                                .pax("uid", Long.toString(uid))
                                .pax("gid", Long.toString(gid))))
                .detail("/f"))
        .isEqualTo("/f f 0644 " + uid + ":" + gid);
  }

  @Test
  void theLargestOwner() throws IOException {
    var image =
        convert(
            tar()
                .add(TarEntry.file("a", "").owner(4294967295L, 4294967295L))
                .add(TarEntry.file("b", "").pax("uid", "4294967295").pax("gid", "4294967295")));
    assertThat(image.details())
        .contains("/a f 0644 4294967295:4294967295", "/b f 0644 4294967295:4294967295");
  }

  @Test
  void largerOwnersAreAnError() {
    assertThat(failure(tar().add(TarEntry.file("f", "").owner(4294967296L, 0))))
        .contains("layer 1 of 1", "uid", "4294967295", "4294967296");
    assertThat(failure(tar().add(TarEntry.file("f", "").owner(0, 4294967296L))))
        .contains("layer 1 of 1", "gid", "4294967296");
    assertThat(failure(tar().add(TarEntry.file("f", "").pax("uid", "4294967296"))))
        .contains("layer 1 of 1", "uid", "4294967296");
    assertThat(failure(tar().add(TarEntry.file("f", "").pax("gid", "99999999999999999999"))))
        .contains("layer 1 of 1", "gid");
    assertThat(failure(tar().add(TarEntry.file("f", "").owner(-1, 0)))).contains("layer 1 of 1");
  }

  @Test
  void sizesInBase256() throws IOException {
    assertThat(tree(tar().add(TarEntry.file("f", "12345").base256()).file("g", "6")))
        .containsExactly("/f '12345'", "/g '6'");
  }

  @Test
  void aPaxSizeWinsOverTheHeaders() throws IOException {
    assertThat(tree(tar().add(TarEntry.file("f", "12345").size(0).pax("size", "5")).file("g", "6")))
        .containsExactly("/f '12345'", "/g '6'");
  }

  @Test
  void negativeAndAbsurdSizesAreAnError() {
    byte[] minusOne = TarEntry.base256(BigInteger.ONE.negate(), 12);
    byte[] huge = TarEntry.base256(BigInteger.ONE.shiftLeft(80), 12);
    assertThat(failure(tar().add(TarEntry.file("f", "").patch(124, minusOne))))
        .contains("layer 1 of 1", "size");
    assertThat(failure(tar().add(TarEntry.file("f", "").patch(124, huge))))
        .contains("layer 1 of 1", "size");
    assertThat(failure(tar().add(TarEntry.file("f", "").pax("size", "-1"))))
        .contains("layer 1 of 1", "size");
    assertThat(failure(tar().add(TarEntry.file("f", "").pax("size", "9223372036854775807"))))
        .contains("layer 1 of 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000644\0", "000644 \0", "   644 \0", "644\0\0\0\0\0", "00000644"})
  void octalNumbersHaveSeveralForms(String field) throws IOException {
    assertThat(convert(tar().add(TarEntry.file("f", "").patch(100, field))).detail("/f"))
        .isEqualTo("/f f 0644 0:0");
  }

  @Test
  void anEmptyNumberFieldIsZero() throws IOException {
    assertThat(
            convert(
                    tar()
                        .add(
                            TarEntry.file("f", "1").patch(108, new byte[8]).patch(116, "        ")))
                .detail("/f"))
        .isEqualTo("/f f 0644 0:0");
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 108, 116, 124})
  void aNumberThatIsNoneIsAnError(int at) {
    assertThat(failure(tar().add(TarEntry.file("f", "").patch(at, "12x4567\0"))))
        .contains("layer 1 of 1");
  }

  @Test
  void aBadChecksumIsAnError() {
    assertThat(
            failure(
                tar().file("a", "1"),
                tar().file("b", "1").add(TarEntry.file("c", "").badChecksum())))
        .contains("layer 2 of 2")
        .containsIgnoringCase("checksum");
  }

  @Test
  void whatIsNoTarAtAllIsAnError() {
    assertThat(
            failure(
                io.daxconv.converter.testing.TestImages.of(
                    "<html>not found</html>".repeat(100).getBytes(StandardCharsets.US_ASCII))))
        .contains("layer 1 of 1");
  }

  @Test
  void aChecksumOfSignedBytesIsTakenToo() throws IOException {
    // Old writers summed signed chars (GNU tar's manual, "Basic Tar Format"; Go takes both).
    byte[] name = {'f', (byte) 0xe9};
    byte[] bytes = tar().add(new TarEntry('0', name)).build();
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += i >= 148 && i < 156 ? ' ' : bytes[i];
    }
    byte[] field = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(field, 0, bytes, 148, 8);
    assertThat(convert(io.daxconv.converter.testing.TestImages.of(bytes)).tree())
        .containsExactly("/f%E9 ''");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "1.5, 1, 500000000",
    "-1, -1, 0",
    "-1.5, -2, 500000000",
    "-0.25, -1, 750000000",
    "1700000000.123456789, 1700000000, 123456789",
    "1700000000.1234567899, 1700000000, 123456789",
    "0.000000001, 0, 1",
    "-0.000000001, -1, 999999999",
    "12345678901, 12345678901, 0",
    "5., 5, 0",
  })
  void paxTimes(String text, long seconds, int nanos) throws IOException {
    LayerEntry entry = first(TarEntry.file("f", "").mtime(7).pax("mtime", text));
    assertThat(entry.mtimeSeconds()).isEqualTo(seconds);
    assertThat(entry.mtimeNanos()).isEqualTo(nanos);
  }

  @Test
  void negativeTimesInBase256() throws IOException {
    LayerEntry entry = first(TarEntry.file("f", "").mtime(-86400));
    assertThat(entry.mtimeSeconds()).isEqualTo(-86400);
    assertThat(entry.mtimeNanos()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "1e9", "--1", "1.-5", "0x10", ".", "-", " 1"})
  void aPaxTimeThatIsNoneIsAnError(String text) {
    assertThat(failure(tar().add(TarEntry.file("f", "").pax("mtime", text))))
        .contains("layer 1 of 1", "mtime");
  }

  @Test
  void timesDoNotStopAConversion() throws IOException {
    assertThat(
            tree(
                tar()
                    .add(TarEntry.file("a", "").pax("mtime", "-62135596800.5"))
                    .add(TarEntry.file("b", "").mtime(-5))
                    .add(TarEntry.file("c", "").mtime(1L << 40))))
        .containsExactly("/a ''", "/b ''", "/c ''");
  }
}
