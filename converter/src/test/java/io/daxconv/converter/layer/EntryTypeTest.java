package io.daxconv.converter.layer;

import static io.daxconv.converter.testing.TarBuilder.tar;
import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.annex.SpecialFile;
import io.daxconv.converter.testing.ConversionTest;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TarEntry;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The types that entries have. */
class EntryTypeTest extends ConversionTest {

  @ParameterizedTest
  @ValueSource(chars = {'0', '\0', '7'})
  void regularFilesHaveThreeTypes(char type) throws IOException {
    assertThat(tree(tar().add(new TarEntry(type, "f").data(new byte[] {'1'}))))
        .containsExactly("/f '1'");
  }

  @Test
  void anOldDirectoryHasNoTypeButASlash() throws IOException {
    assertThat(
            tree(tar().add(new TarEntry('\0', "d/").format(TarEntry.Format.V7)).file("d/f", "1")))
        .containsExactly("/d/", "/d/f '1'");
  }

  @Test
  void specialFilesAreLeftOutAndTold() throws IOException {
    var image =
        convert(
            tar()
                .add(new TarEntry('3', "dev/null").device(1, 3).mode(0666))
                .add(new TarEntry('4', "dev/sda").device(8, 0).mode(0660).owner(0, 6))
                .add(new TarEntry('6', "dev/fifo").mode(0600).owner(1, 2))
                .file("f", "1"));
    assertThat(image.tree()).containsExactly("/dev/", "/f '1'");
    assertThat(image.annex().specialFiles())
        .containsExactly(
            new SpecialFile("/dev/fifo", "fifo", 0600, 1, 2, 0, 0),
            new SpecialFile("/dev/null", "character-device", 0666, 0, 0, 1, 3),
            new SpecialFile("/dev/sda", "block-device", 0660, 0, 6, 8, 0));
    assertThat(image.result().specialFilesLeftOut()).isEqualTo(3);
    assertThat(image.result().names()).isEqualTo(2);
  }

  @Test
  void largeDeviceNumbers() throws IOException {
    var image =
        convert(
            tar()
                .add(new TarEntry('4', "b").device(4095, 0))
                .add(new TarEntry('3', "c").device(4095, 1048575)));
    assertThat(image.annex().specialFiles())
        .extracting(SpecialFile::major, SpecialFile::minor)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(4095L, 0L),
            org.assertj.core.groups.Tuple.tuple(4095L, 1048575L));
  }

  @ParameterizedTest
  @CsvSource({"4096, 0", "0, 1048576"})
  void aDeviceNumberThatLinuxCannotHoldIsAnError(int major, int minor) {
    assertThat(failure(tar().add(new TarEntry('4', "b").device(major, minor))))
        .contains("device b: expected a number of at most 4095:1048575")
        .contains("found " + major + ":" + minor);
  }

  @Test
  void aSpecialFileWithASizeHasNoData() throws IOException {
    assertThat(tree(tar().add(new TarEntry('6', "p").size(700)).file("f", "1")))
        .containsExactly("/f '1'");
    assertThat(tree(tar().add(TarEntry.directory("d").size(700)).file("f", "1")))
        .containsExactly("/d/", "/f '1'");
    assertThat(tree(tar().add(TarEntry.symlink("l", "f").size(700)).file("f", "1")))
        .containsExactly("/f '1'", "/l -> f");
  }

  @ParameterizedTest
  @ValueSource(chars = {'8', '9', 'A', 'D', 'M', 'N', 'V', 'X', 'Z', 'a', ' ', '\u0001', '\u00ff'})
  void unknownTypesAreAnError(char type) {
    assertThat(failure(tar().file("f", ""), tar().file("g", "").add(new TarEntry(type, "odd"))))
        .contains("layer 2 of 2", "odd", "type");
  }

  @Test
  void aSymlinkWithoutATargetIsAnError() {
    assertThat(failure(tar().symlink("l", ""))).contains("layer 1 of 1", "l");
  }

  @Test
  void aSymlinkTargetMayBeAnyBytesButNul() throws IOException {
    assertThat(tree(tar().symlink("a", "/../..//x/./").symlink("b", " ")))
        .containsExactly("/a -> /../..//x/./", "/b -> %20");
    assertThat(failure(tar().add(TarEntry.symlink("l", "short").pax("linkpath", "a\0b"))))
        .contains("layer 1 of 1", "l");
  }

  @Test
  void aSymlinkTargetMayHave4095Bytes() throws IOException {
    assertThat(tree(tar().add(TarEntry.symlink("l", "t").pax("linkpath", "t".repeat(4095)))))
        .containsExactly("/l -> " + "t".repeat(4095));
    assertThat(failure(tar().add(TarEntry.symlink("l", "t").pax("linkpath", "t".repeat(4096)))))
        .contains("layer 1 of 1", "4095", "4096");
  }

  @Test
  void aLayerOfAllTypesInOne() throws IOException {
    TarBuilder all =
        tar()
            .directory("d/")
            .file("d/f", "1")
            .symlink("d/l", "f")
            .hardLink("d/h", "d/f")
            .add(new TarEntry('3', "d/c").device(1, 1))
            .add(new TarEntry('4', "d/b").device(2, 2))
            .add(new TarEntry('6', "d/p"));
    assertThat(tree(all)).containsExactly("/d/", "/d/f '1'", "/d/h = /d/f", "/d/l -> f");
  }
}
