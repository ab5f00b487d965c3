package io.daxconv.converter.layer;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sparse files in GNU's four forms (GNU tar's manual, "Storing Sparse Files"). */
class SparseEntryTest extends ConversionTest {

  /** The forms; each writes a file from its stored bytes and the places they belong to. */
  enum Form {
    OLD_GNU {
      @Override
      TarEntry entry(String name, byte[] stored, long size, long... map) {
        return new TarEntry('S', name)
            .format(TarEntry.Format.GNU)
            .data(stored)
            .patch(386, pairs(map, 0, 4))
            .patch(482, new byte[] {(byte) (map.length > 8 ? 1 : 0)})
            .patch(483, octal(size));
      }

      @Override
      TarBuilder tar(String name, byte[] stored, long size, long... map) {
        // Extension blocks stand between the header and the data: 21 pairs, and a flag at 504.
        TarBuilder tar =
            new TarBuilder().add(entry(name, new byte[0], size, map).size(stored.length));
        for (int pair = 4; 2 * pair < map.length; pair += 21) {
          byte[] block = Arrays.copyOf(pairs(map, pair, 21), 512);
          block[504] = (byte) (2 * (pair + 21) < map.length ? 1 : 0);
          tar.raw(block);
        }
        return tar.raw(Arrays.copyOf(stored, (stored.length + 511) & -512));
      }
    },
    PAX_0_0 {
      @Override
      TarEntry entry(String name, byte[] stored, long size, long... map) {
        TarEntry entry =
            new TarEntry('0', name)
                .data(stored)
                .pax("GNU.sparse.size", Long.toString(size))
                .pax("GNU.sparse.numblocks", Integer.toString(map.length / 2));
        for (int i = 0; i < map.length; i += 2) {
          entry.pax("GNU.sparse.offset", Long.toString(map[i]));
          entry.pax("GNU.sparse.numbytes", Long.toString(map[i + 1]));
        }
        return entry;
      }
    },
    PAX_0_1 {
      @Override
      TarEntry entry(String name, byte[] stored, long size, long... map) {
        return new TarEntry('0', "GNUSparseFile.1/x")
            .data(stored)
            .pax("GNU.sparse.name", name)
            .pax("GNU.sparse.size", Long.toString(size))
            .pax("GNU.sparse.numblocks", Integer.toString(map.length / 2))
            .pax(
                "GNU.sparse.map",
                Arrays.stream(map).mapToObj(Long::toString).collect(Collectors.joining(",")));
      }
    },
    PAX_1_0 {
      @Override
      TarEntry entry(String name, byte[] stored, long size, long... map) {
        StringBuilder lines = new StringBuilder().append(map.length / 2).append('\n');
        Arrays.stream(map).forEach(number -> lines.append(number).append('\n'));
        byte[] head = lines.toString().getBytes(US_ASCII);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(Arrays.copyOf(head, (head.length + 511) & -512));
        data.writeBytes(stored);
        return new TarEntry('0', "GNUSparseFile.1/x")
            .data(data.toByteArray())
            .pax("GNU.sparse.major", "1")
            .pax("GNU.sparse.minor", "0")
            .pax("GNU.sparse.name", name)
            .pax("GNU.sparse.realsize", Long.toString(size));
      }
    };

    abstract TarEntry entry(String name, byte[] stored, long size, long... map);

    TarBuilder tar(String name, byte[] stored, long size, long... map) {
      return new TarBuilder().add(entry(name, stored, size, map));
    }

    private static byte[] octal(long number) {
      return String.format(Locale.ROOT, "%011o\0", number).getBytes(US_ASCII);
    }

    private static byte[] pairs(long[] map, int from, int count) {
      byte[] pairs = new byte[24 * count];
      for (int i = 2 * from; i < map.length && i < 2 * (from + count); i++) {
        System.arraycopy(octal(map[i]), 0, pairs, 12 * (i - 2 * from), 12);
      }
      return pairs;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void holesAreZeros(Form form) throws IOException {
    assertThat(tree(form.tar("f", bytes("abcde"), 12, 2, 3, 7, 2).file("g", "next")))
        .containsExactly("/f '%00%00abc%00%00de%00%00%00'", "/g 'next'");
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void withoutAHoleAtEitherEnd(Form form) throws IOException {
    assertThat(tree(form.tar("f", bytes("abcd"), 6, 0, 2, 4, 2).file("g", "next")))
        .containsExactly("/f 'ab%00%00cd'", "/g 'next'");
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aPieceOfNothingMarksTheEnd(Form form) throws IOException {
    assertThat(tree(form.tar("f", bytes("ab"), 8, 0, 2, 8, 0).file("g", "next")))
        .containsExactly("/f 'ab%00%00%00%00%00%00'", "/g 'next'");
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void allHole(Form form) throws IOException {
    assertThat(tree(form.tar("f", new byte[0], 3, 3, 0).file("g", "next")))
        .containsExactly("/f '%00%00%00'", "/g 'next'");
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void emptyWithAMap(Form form) throws IOException {
    assertThat(tree(form.tar("f", new byte[0], 0, 0, 0).file("g", "next")))
        .containsExactly("/f ''", "/g 'next'");
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void manyPieces(Form form) throws IOException {
    // 4 in the header of the old form, then 21 in each of three extension blocks, one full.
    for (int pieces : new int[] {4, 5, 25, 26, 46, 60}) {
      long[] map = new long[2 * pieces];
      byte[] stored = new byte[pieces];
      byte[] whole = new byte[1000 * pieces + 1];
      for (int i = 0; i < pieces; i++) {
        map[2 * i] = 1000L * i + i;
        map[2 * i + 1] = 1;
        stored[i] = (byte) ('A' + i);
        whole[1001 * i] = stored[i];
      }
      var image = convert(form.tar("f", stored, whole.length, map).file("g", "next"));
      assertThat(image.content("/f")).as("%d pieces", pieces).isEqualTo(whole);
      assertThat(image.content("/g")).asString(US_ASCII).isEqualTo("next");
    }
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aLargeHoleIsStoredAsAnEqualFileIs(Form form) throws IOException {
    byte[] whole = new byte[3 << 20];
    whole[whole.length - 1] = 'z';
    var image =
        convert(
            form.tar("f", bytes("z"), whole.length, whole.length - 1, 1)
                .add(new TarEntry('0', "same").data(whole)));
    assertThat(image.inode("/f").dataOffset()).isEqualTo(image.inode("/same").dataOffset());
    assertThat(image.result().storedBytes()).isEqualTo(whole.length);
  }

  @ParameterizedTest
  @EnumSource(Form.class)
  void aMapThatDoesNotFitIsAnError(Form form) {
    assertThat(failure(form.tar("f", bytes("ab"), 1, 0, 2))).contains("layer 1 of 1");
    assertThat(failure(form.tar("f", bytes("abcd"), 9, 4, 2, 2, 2))).contains("layer 1 of 1");
    assertThat(failure(form.tar("f", bytes("abcd"), 9, 2, 2, 3, 2))).contains("layer 1 of 1");
    assertThat(failure(form.tar("f", bytes("abc"), 9, 0, 2))).contains("layer 1 of 1");
    assertThat(failure(form.tar("f", bytes("abc"), 9, 0, 4))).contains("layer 1 of 1");
    assertThat(failure(form.tar("f", bytes("abc"), 9, 0x1_ffff_ffffL, 3))).contains("layer 1 of 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1,2,3", "a,b", "0,1,", "-1,3", "0,99999999999999999999"})
  void aListedMapThatIsNoneIsAnError(String map) {
    assertThat(
            failure(
                tar()
                    .add(
                        TarEntry.file("f", "abc")
                            .pax("GNU.sparse.size", "9")
                            .pax("GNU.sparse.numblocks", "1")
                            .pax("GNU.sparse.map", map))))
        .contains("layer 1 of 1");
  }

  @Test
  void aLeadingMapThatIsNoneIsAnError() {
    for (String head : new String[] {"x\n", "99999999\n", "1\n0\nx\n", "\n", "1 0 1"}) {
      assertThat(
              failure(
                  tar()
                      .add(
                          new TarEntry('0', "f")
                              .data(Arrays.copyOf(bytes(head), 512))
                              .pax("GNU.sparse.major", "1")
                              .pax("GNU.sparse.minor", "0")
                              .pax("GNU.sparse.realsize", "5"))))
          .contains("layer 1 of 1");
    }
  }
}
