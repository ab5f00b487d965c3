package io.daxconv.converter.daxfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaxfsImageTest {
  private final BuiltImage built = ImageBuilder.sample().build();

  private DaxfsImage image() throws CorruptImageException {
    return DaxfsImage.of("x.daxfs", built.bytes());
  }

  private InodeEntry inode(String path) throws CorruptImageException {
    return image().inode(built.u32(built.inode(path)));
  }

  @Test
  void readsInodes() throws Exception {
    assertThat(image().inodeCount()).isEqualTo(9);
    assertThat(inode("/etc/a"))
        .isEqualTo(new InodeEntry(4, FileMode.REGULAR | 0644, 1000, -2, 6, 0, 2));
    assertThatThrownBy(() -> image().inode(0))
        .isInstanceOf(CorruptImageException.class)
        .hasMessage("x.daxfs: inode 0: expected an inode from 1 to 9, found none");
    assertThatThrownBy(() -> image().inode(10)).isInstanceOf(CorruptImageException.class);
  }

  @Test
  void readsContents() throws Exception {
    assertThat(image().contents(inode("/etc/a")).toArray(ValueLayout.JAVA_BYTE))
        .isEqualTo("hello\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(image().contents(inode("/usr/data")).byteSize()).isEqualTo(5000);
    assertThat(image().contents(inode("/usr/data")).isReadOnly()).isTrue();
    assertThat(image().contents(inode("/usr/zero")).byteSize()).isZero();
  }

  @Test
  void readsTargetsAndEntries() throws Exception {
    assertThat(image().target(inode("/etc/l"))).asString().isEqualTo("../usr/data");
    List<String> names = new ArrayList<>();
    for (DirectoryEntry entry : image().entries(inode("/etc"))) {
      names.add(new String(entry.name(), StandardCharsets.US_ASCII));
    }
    assertThat(names).containsExactly("a", "b", "l");
  }

  @Test
  void refusesOneTypeForAnother() {
    assertThatThrownBy(() -> image().target(inode("/etc/a")))
        .hasMessage(
            "x.daxfs: byte %d: inode 4: expected a symlink, found mode 0100644"
                .formatted(built.inode("/etc/a")));
    assertThatThrownBy(() -> image().contents(inode("/etc")))
        .hasMessageContaining("expected a regular file, found mode 040750");
    assertThatThrownBy(() -> image().entries(inode("/etc/l")))
        .hasMessageContaining("expected a directory, found mode 0120777");
  }

  @Test
  void refusesDataOutsideTheBaseImage() {
    built.u64(built.inode("/etc/a") + 16, 1L << 40);
    built.u64(built.inode("/etc/l") + 24, -1);
    built.u64(built.inode("/etc") + 24, built.u64(32) - 271);

    assertThatThrownBy(() -> image().contents(inode("/etc/a")))
        .hasMessage(
            "x.daxfs: byte %d: inode 4: expected data inside the base image's %d bytes, found"
                    .formatted(built.inode("/etc/a"), built.u64(32))
                + " 1099511627776 bytes at 0");
    assertThatThrownBy(() -> image().target(inode("/etc/l")))
        .hasMessageContaining("expected data inside the base image");
    assertThatThrownBy(() -> image().entries(inode("/etc")))
        .hasMessageContaining("expected entries of 271 bytes each, all inside the base image's")
        .hasMessageContaining("found size 813, needing 816 bytes at " + (built.u64(32) - 271));
  }

  @Test
  void refusesTargetsThatAreNone() {
    built.u64(built.inode("/etc/l") + 16, 0);
    assertThatThrownBy(() -> image().target(inode("/etc/l")))
        .hasMessageContaining("expected a target of 1 to 4095 bytes, found 0");

    built.u64(built.inode("/etc/l") + 16, 4096);
    assertThatThrownBy(() -> image().target(inode("/etc/l")))
        .hasMessageContaining("expected a target of 1 to 4095 bytes, found 4096");
  }

  @Test
  void refusesSlotsThatHoldSomethingElse() {
    built.u32(built.inode("/etc/a"), 77);
    built.u32(built.inode("/etc/l") + 4, 010644);

    assertThatThrownBy(() -> image().inode(4))
        .hasMessageContaining("expected inode 4, found inode 77");
    assertThatThrownBy(() -> inode("/etc/l"))
        .hasMessageContaining("expected a regular file, directory or symlink, found mode 010644");
  }

  @Test
  void refusesWhatIsNoImage() {
    built.u32(0, 0x464c457f);
    assertThatThrownBy(this::image)
        .isInstanceOf(CorruptImageException.class)
        .hasMessage("x.daxfs: byte 0: expected the magic 0x64617835, found 0x464c457f");
  }

  @Test
  void refusesOtherVersions() {
    built.u32(4, 9);
    assertThatThrownBy(this::image).hasMessage("x.daxfs: byte 4: expected version 8, found 9");
  }

  @Test
  void refusesAnImageCutShort() {
    long size = built.bytes().byteSize();
    assertThatThrownBy(() -> DaxfsImage.of("x.daxfs", built.resized(size - 1).bytes()))
        .hasMessage(
            "x.daxfs: byte 16: expected total_size of at most the file's %d, found %d"
                .formatted(size - 1, size));
  }

  @Test
  void opensFilesAndSaysWhichItCannot(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("x"), built.toArray());
    try (DaxfsImage image = DaxfsImage.open(file)) {
      assertThat(image.superblock()).isEqualTo(Superblock.read(built.bytes(), 0));
      assertThat(image.name()).isEqualTo("\"" + file + "\"");
    }
    Path empty = Files.write(directory.resolve("empty"), new byte[0]);
    assertThatThrownBy(() -> DaxfsImage.open(empty))
        .isInstanceOf(CorruptImageException.class)
        .hasMessage("\"" + empty + "\": expected at least 4096 bytes, a superblock, found 0");
  }

  @Test
  void splitImagesHaveTheirDataElsewhere() throws Exception {
    BuiltImage split = ImageBuilder.sample().split().build();
    DaxfsImage image = DaxfsImage.of("x.daxfs", split.bytes());
    InodeEntry file = image.inode(4);

    assertThat(image.isSplit()).isTrue();
    assertThatThrownBy(() -> image.contents(file))
        .hasMessageEndingWith(
            "expected data in the image, found a split image, whose data is in a backing file");
  }

  @Test
  void hasAnAnnexOrNot() throws Exception {
    Annex annex =
        new Annex("a", null, null, List.of(), null, null, List.of(), List.of(), List.of());
    BuiltImage with = ImageBuilder.sample().annex(AnnexJson.toBytes(annex)).build();

    assertThat(image().annex()).isNull();
    assertThat(DaxfsImage.of("x", with.bytes()).annex()).isEqualTo(annex);
    with.u32(520, 2);
    assertThatThrownBy(() -> DaxfsImage.of("x", with.bytes()).annex())
        .hasMessage("x: byte 520: expected an annex pointer of version 1, found version 2");
    with.u32(520, 1).u8(544, 0);
    assertThatThrownBy(() -> DaxfsImage.of("x", with.bytes()).annex())
        .hasMessageStartingWith("x: annex: expected sha256:00");
    with.u64(528, -1);
    assertThatThrownBy(() -> DaxfsImage.of("x", with.bytes()).annex())
        .hasMessageStartingWith("x: byte 528: expected an annex of at most 268435456 bytes");
  }
}
