package io.daxconv.converter.tree;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarEntry;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the names of entries read. */
class EntryNameTest extends ConversionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "d/f",
        "/d/f",
        "./d/f",
        "//d/f",
        "d//f",
        "d/./f",
        ".//./d///f",
        "d/x/../f",
        "x/../d/f",
        "/x/y/../../d/f",
        "d/f/",
        "./d/f//"
      })
  void leadingAndDoubledSlashesDotsAndDetoursMeanNothing(String name) throws IOException {
    assertThat(tree(tar().file(name, "1"))).containsExactly("/d/", "/d/f '1'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"d/", "./d/", "d//", "/d", "d/.", "d/x/.."})
  void trailingSlashesMeanNothing(String name) throws IOException {
    assertThat(convert(tar().add(TarEntry.directory(name).mode(0700))).details())
        .containsExactly("/ d 0755 0:0", "/d d 0700 0:0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"..", "../x", "a/../../x", "/../x", "./../x", "a/b/../../../x", "x/../.."})
  void aNameThatLeavesTheRootIsAnError(String name) {
    assertThat(failure(tar().directory("a"), tar().file(name, "1")))
        .contains("layer 2 of 2")
        .contains(name)
        .contains("root");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../f", "a/../../f", "/../f"})
  void aHardLinkTargetThatLeavesTheRootIsAnError(String target) {
    assertThat(failure(tar().file("f", "1").hardLink("b", target)))
        .contains("layer 1 of 1")
        .contains("b")
        .contains(target);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "./", "/", "//", "a/.."})
  void anEntryForTheRootSetsItsMetadata(String name) throws IOException {
    assertThat(
            convert(tar().file("f", "").add(TarEntry.directory(name).mode(01700).owner(5, 6)))
                .detail("/"))
        .isEqualTo("/ d 1700 5:6");
  }

  @Test
  void theNewestEntryForTheRootWins() throws IOException {
    assertThat(
            convert(
                    tar().add(TarEntry.directory("./").mode(0700)),
                    tar().add(TarEntry.directory("./").mode(0711).owner(1, 2)),
                    tar().file("f", ""))
                .detail("/"))
        .isEqualTo("/ d 0711 1:2");
  }

  @ParameterizedTest
  @ValueSource(chars = {'0', '2', '3', '6'})
  void theRootCannotBeAnythingButADirectory(char type) {
    assertThat(failure(tar().file("f", ""), tar().add(new TarEntry(type, "./").link("f"))))
        .contains("layer 2 of 2");
  }

  @Test
  void namesAreBytesAndNeedNotBeUtf8() throws IOException {
    byte[] latin1 = {'f', (byte) 0xe9, (byte) 0xff};
    assertThat(
            tree(
                tar()
                    .add(new TarEntry('0', latin1))
                    .add(new TarEntry('0', "é\u0001\n \\%"))
                    .add(new TarEntry('2', "l").link(latin1))
                    .add(new TarEntry('1', "z").link(latin1))))
        .containsExactly(
            "/f%E9%FF ''", "/l -> f%E9%FF", "/z = /f%E9%FF", "/%C3%A9%01%0A%20\\%25 ''");
  }

  @Test
  void paxNamesAreBytesToo() throws IOException {
    byte[] latin1 = {'f', (byte) 0xe9, (byte) 0xff};
    assertThat(
            tree(
                tar()
                    .add(TarEntry.file("f__", "1").pax("path", latin1))
                    .add(TarEntry.symlink("l", "f__").pax("linkpath", latin1))))
        .containsExactly("/f%E9%FF '1'", "/l -> f%E9%FF");
  }

  @Test
  void composedAndDecomposedFormsAreDifferentNames() throws IOException {
    assertThat(tree(tar().file("\u00e9", "nfc").file("e\u0301", "nfd")))
        .containsExactly("/e%CC%81 'nfd'", "/%C3%A9 'nfc'");
    assertThat(tree(tar().file("\u00e9", "nfc"), tar().whiteout(".wh.e\u0301")))
        .containsExactly("/%C3%A9 'nfc'");
  }

  @Test
  void caseDiffers() throws IOException {
    assertThat(tree(tar().file("A", "1").file("a", "2"))).containsExactly("/A '1'", "/a '2'");
  }

  @Test
  void aNameMayHave255Bytes() throws IOException {
    String longest = "n".repeat(255);
    assertThat(tree(tar().add(TarEntry.file("short", "1").pax("path", "d/" + longest))))
        .containsExactly("/d/", "/d/" + longest + " '1'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "d/%s", "%s/f"})
  void aNameOf256BytesIsAnError(String form) {
    String name = form.formatted("n".repeat(256));
    assertThat(failure(tar().add(TarEntry.file("short", "").pax("path", name))))
        .contains("layer 1 of 1")
        .contains("255")
        .contains("256");
  }

  @Test
  void bytesCountNotCharacters() {
    assertThat(failure(tar().add(TarEntry.file("short", "").pax("path", "é".repeat(128)))))
        .contains("255")
        .contains("256");
  }

  @Test
  void aNulInAPaxNameIsAnError() {
    assertThat(failure(tar().add(TarEntry.file("short", "").pax("path", "a\0b"))))
        .contains("layer 1 of 1");
  }

  @Test
  void theSpecialNamesOfWhiteoutsStartWithAllFourBytes() throws IOException {
    assertThat(tree(tar().file(".wh", "1").file(".whx", "2").file("a.wh.b", "3").file(".w", "4")))
        .containsExactly("/.w '4'", "/.wh '1'", "/.whx '2'", "/a.wh.b '3'");
  }
}
