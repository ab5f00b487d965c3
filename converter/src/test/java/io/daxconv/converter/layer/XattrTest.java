package io.daxconv.converter.layer;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.annex.FileXattrs;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarEntry;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Extended attributes, which DAXFS cannot hold and the annex lists. */
class XattrTest extends ConversionTest {
  /** {@code cap_net_raw=ep} as struct vfs_cap_data, revision 2. */
  private static final byte[] CAPABILITY =
      HexFormat.of().parseHex("0100000200200000000000000000000000000000");

  private static Map<String, String> hex(FileXattrs file) {
    Map<String, String> hex = new TreeMap<>();
    file.xattrs().forEach((name, value) -> hex.put(name, HexFormat.of().formatHex(value)));
    return hex;
  }

  private static Map<String, String> onlyFile(List<FileXattrs> xattrs, String path) {
    assertThat(xattrs).extracting(FileXattrs::path).containsExactly(path);
    return hex(xattrs.getFirst());
  }

  @Test
  void valuesAreBytes() throws IOException {
    byte[] all = new byte[256];
    for (int i = 0; i < 256; i++) {
      all[i] = (byte) i;
    }
    var image =
        convert(
            tar()
                .add(
                    TarEntry.file("ping", "elf")
                        .xattr("security.capability", CAPABILITY)
                        .xattr("user.all", all)
                        .xattr("user.text", "a=b\nc\0d\n".getBytes(UTF_8))));
    assertThat(onlyFile(image.annex().xattrs(), "/ping"))
        .containsExactly(
            Map.entry("security.capability", HexFormat.of().formatHex(CAPABILITY)),
            Map.entry("user.all", HexFormat.of().formatHex(all)),
            Map.entry("user.text", "613d620a6300640a"));
    assertThat(image.result().xattrsLeftOut()).isEqualTo(1);
  }

  @Test
  void aValueMayBeEmpty() throws IOException {
    var image = convert(tar().add(TarEntry.file("f", "").xattr("user.empty", new byte[0])));
    assertThat(onlyFile(image.annex().xattrs(), "/f")).containsExactly(Map.entry("user.empty", ""));
  }

  @Test
  void libarchiveValuesAreBase64() throws IOException {
    String padded = Base64.getEncoder().encodeToString(CAPABILITY);
    var image =
        convert(
            tar()
                .add(TarEntry.file("a", "").pax("LIBARCHIVE.xattr.security.capability", padded))
                .add(
                    TarEntry.file("b", "")
                        .pax("LIBARCHIVE.xattr.user.x%20y", padded.replace("=", ""))));
    String expected = HexFormat.of().formatHex(CAPABILITY);
    assertThat(image.annex().xattrs()).extracting(FileXattrs::path).containsExactly("/a", "/b");
    assertThat(hex(image.annex().xattrs().getFirst()))
        .containsExactly(Map.entry("security.capability", expected));
    assertThat(hex(image.annex().xattrs().getLast()))
        .containsExactly(Map.entry("user.x%20y", expected));
  }

  @Test
  void bothFormsOfOneXattrAreOne() throws IOException {
    var image =
        convert(
            tar()
                .add(
                    TarEntry.file("a", "")
                        .xattr("user.a", new byte[] {'v'})
                        .pax("LIBARCHIVE.xattr.user.a", "dg==")));
    assertThat(onlyFile(image.annex().xattrs(), "/a")).containsExactly(Map.entry("user.a", "76"));
  }

  @Test
  void libarchiveValuesThatAreNotBase64AreAnError() {
    assertThat(
            failure(
                tar().add(TarEntry.file("a", "").pax("LIBARCHIVE.xattr.user.a", "!not base64!"))))
        .contains("layer 1 of 1", "xattr");
  }

  @Test
  void directoriesSymlinksAndTheRootHaveThemToo() throws IOException {
    byte[] value = {1};
    var image =
        convert(
            tar()
                .add(TarEntry.directory("./").xattr("user.r", value))
                .add(TarEntry.directory("d").xattr("user.d", value))
                .add(TarEntry.symlink("l", "d").xattr("trusted.l", value)));
    assertThat(image.annex().xattrs())
        .extracting(FileXattrs::path)
        .containsExactly("/", "/d", "/l");
  }

  @Test
  void aFileWithSeveralNamesIsListedUnderTheFirst() throws IOException {
    var image =
        convert(tar().add(TarEntry.file("z", "").xattr("user.a", new byte[1])).hardLink("a", "z"));
    assertThat(image.annex().xattrs()).extracting(FileXattrs::path).containsExactly("/a");
  }

  @Test
  void aNewerFileHasItsOwn() throws IOException {
    var image =
        convert(
            tar()
                .add(TarEntry.file("f", "1").xattr("user.old", new byte[1]))
                .add(TarEntry.directory("d").xattr("user.old", new byte[1]))
                .add(TarEntry.directory("kept").xattr("user.kept", new byte[1])),
            tar().file("f", "1").directory("d").file("kept/f", ""));
    assertThat(onlyFile(image.annex().xattrs(), "/kept")).containsOnlyKeys("user.kept");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trusted.overlay.opaque",
        "trusted.overlay.redirect",
        "user.overlay.opaque",
        "user.overlay.whiteout",
      })
  void whatWouldSteerOverlayfsIsLeftOutAndTold(String name) throws IOException {
    var image =
        convert(
            tar().file("d/f", "1"),
            tar()
                .add(
                    TarEntry.directory("d")
                        .xattr(name, new byte[] {'y'})
                        .xattr("user.kept", new byte[] {'k'})));
    assertThat(image.tree()).containsExactly("/d/", "/d/f '1'");
    assertThat(onlyFile(image.annex().xattrs(), "/d")).containsOnlyKeys("user.kept");
    assertThat(image.annex().remarks())
        .extracting(Remark::id, Remark::path)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("overlay-xattr-left-out", "/d"));
    assertThat(image.annex().remarks().getFirst().detail()).contains(name);
  }

  @Test
  void namesThatOnlyLookAlikeAreKept() throws IOException {
    var image =
        convert(
            tar()
                .add(
                    TarEntry.file("f", "")
                        .xattr("user.overlays", new byte[1])
                        .xattr("trusted.overlay", new byte[1])
                        .xattr("security.overlay.x", new byte[1])));
    assertThat(onlyFile(image.annex().xattrs(), "/f"))
        .containsOnlyKeys("security.overlay.x", "trusted.overlay", "user.overlays");
    assertThat(image.annex().remarks()).isEmpty();
  }
}
