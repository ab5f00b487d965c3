package io.daxconv.converter.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.daxfs.BuiltImage;
import io.daxconv.converter.daxfs.ImageBuilder;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every finding, by a sound image with one thing broken. */
class BrokenImageTest {
  private static final byte[] ANNEX =
      AnnexJson.toBytes(
          new Annex("a", null, null, List.of(), null, null, List.of(), List.of(), List.of()));

  @ParameterizedTest(name = "{0} #{index}")
  @MethodSource({"superblocks", "regions", "trees", "inodes", "overlaps", "annexes"})
  void finds(List<String> ids, BuiltImage broken) {
    VerifyReport report = ImageVerifier.verify(broken.bytes());

    assertThat(report.findings()).extracting(Finding::id).containsExactlyElementsOf(ids);
    assertThat(report.findingCount()).isEqualTo(ids.size());
  }

  static Stream<Arguments> superblocks() {
    return Stream.of(
        broken("file-too-short", image -> image.resized(4095)),
        broken("file-too-short", image -> image.resized(0)),
        broken("superblock-magic", image -> image.u32(0, 0x64617834)),
        broken("superblock-version", image -> image.u32(4, 9)),
        broken("superblock-block-size", image -> image.u32(8, 1000)),
        broken("superblock-block-size", image -> image.u32(8, 8192)),
        broken("reserved-not-zero", image -> image.u32(12, 1)),
        broken("reserved-not-zero", image -> image.u8(112, 1)),
        broken("reserved-not-zero", image -> image.u8(511, 1)),
        broken("reserved-not-zero", image -> image.u8(512, 1)),
        broken("reserved-not-zero", image -> image.u8(575, 1)),
        broken("reserved-not-zero", image -> image.u8(576, 1)),
        broken("reserved-not-zero", image -> image.u8(1023, 1)),
        broken("erofs-magic", image -> image.u8(1024, 1)),
        broken("reserved-not-zero", image -> image.u8(1151, 1)),
        broken("reserved-not-zero", image -> image.u8(1152, 1)),
        broken("reserved-not-zero", image -> image.u8(4095, 1)),
        broken("total-beyond-file", image -> image.u64(16, image.u64(16) + 1)),
        broken("total-beyond-file", image -> image.u64(16, -1)),
        broken("base-beyond-image", image -> image.u64(24, 1L << 40)),
        broken("base-beyond-image", image -> image.u64(24, -4096)),
        broken(List.of("base-beyond-image"), image -> image.u64(32, -1)),
        broken("base-unaligned", image -> unalignedBase()),
        broken("image-empty", image -> noOverlay().u64(24, 0)),
        broken("inode-table-beyond-base", image -> image.u64(40, image.u64(32) - 64)),
        broken("inode-table-beyond-base", image -> image.u64(40, -64)),
        broken("inode-count", image -> noOverlay().u32(48, 0)),
        broken("root-inode", image -> image.u32(52, 2)));
  }

  static Stream<Arguments> regions() {
    return Stream.of(
        broken("overlay-beyond-image", image -> image.u64(64, 1L << 50)),
        broken("overlay-beyond-image", image -> image.u64(72, -1)),
        broken("overlay-size", image -> image.u64(72, 4095)),
        broken("overlay-bucket-count", image -> image.u32(80, 3)),
        broken(List.of("overlay-bucket-count", "overlay-pool-offset"), image -> image.u32(80, 0)),
        broken("overlay-bucket-shift", image -> image.u32(84, 1)),
        broken("region-overlap", image -> overlayInBase(image)),
        broken(
            List.of("overlay-unaligned", "overlay-header-magic"),
            image -> image.u64(64, image.u64(64) + 8).u64(72, 8184)),
        broken(
            List.of("pcache-unaligned", "pcache-size"),
            image -> split().u64(88, split().u64(88) + 8).u64(96, 10 * 4096 - 8)),
        broken("overlay-header-magic", image -> image.u32(overlay(image), 1)),
        broken("overlay-header-version", image -> image.u32(overlay(image) + 4, 1)),
        broken("overlay-bucket-offset", image -> image.u64(overlay(image) + 8, 0)),
        broken("overlay-pool-offset", image -> image.u64(overlay(image) + 16, 4096)),
        broken("overlay-size", image -> image.u64(overlay(image) + 24, 1)),
        broken("overlay-size", image -> image.u64(overlay(image) + 24, -1)),
        broken("overlay-not-fresh", image -> image.u64(overlay(image) + 32, 32)),
        broken("overlay-next-inode", image -> image.u64(overlay(image) + 40, 9)),
        broken("overlay-not-fresh", image -> image.u64(overlay(image) + 48, 0)),
        broken("overlay-not-fresh", image -> image.u64(overlay(image) + 56, 0)),
        broken("overlay-not-fresh", image -> image.u64(overlay(image) + 64, 0)),
        broken("overlay-not-fresh", image -> image.u8(overlay(image) + 72, 1)),
        broken("overlay-not-fresh", image -> image.u8(overlay(image) + 4096, 1)),
        broken("overlay-not-fresh", image -> image.u8(overlay(image) + 8191, 1)),
        broken("pcache-beyond-image", image -> split().u64(88, 1L << 50)),
        broken("pcache-size", image -> split().u64(96, 4096)),
        broken("pcache-slot-count", image -> split().u32(104, 4)),
        broken("pcache-slot-shift", image -> split().u32(108, 4)),
        broken("pcache-header-magic", image -> pcache(0, 1)),
        broken("pcache-header-version", image -> pcache(4, 1)),
        broken("pcache-slot-offset", image -> pcache(8, 1)),
        broken("pcache-slot-offset", image -> pcache(16, 1)),
        broken("pcache-not-fresh", image -> pcache(24, 1)),
        broken("pcache-not-fresh", image -> pcache(28, 1)),
        broken("pcache-not-fresh", image -> pcache(4096, 1)),
        broken("file-longer-than-image", image -> longer(image)));
  }

  static Stream<Arguments> trees() {
    return Stream.of(
        broken(
            List.of("entry-inode", "inode-unreachable"),
            image -> image.u32(image.entry("/usr/zero"), 0)),
        broken(
            List.of("entry-inode", "inode-unreachable"),
            image -> image.u32(image.entry("/usr/zero"), 10)),
        broken("entry-type", image -> image.u32(image.entry("/usr/zero") + 4, 040600)),
        broken("entry-name", image -> image.u8(image.entry("/bin") + 8, 0)),
        broken("entry-name", image -> image.u8(image.entry("/usr/zero") + 9, 1)),
        broken("entry-name", image -> image.u8(image.entry("/bin") + 17, '/')),
        broken("entry-name", image -> image.u8(image.entry("/bin") + 17, 0)),
        broken("entry-name", image -> name(image, "/bin", ".")),
        broken("entry-name", image -> name(image, "/bin", "..")),
        broken("entry-name-duplicate", image -> name(image, "/etc/b", "a")),
        broken("reserved-not-zero", image -> image.u8(image.entry("/bin") + 10, 1)),
        broken(
            List.of("entry-type", "directory-reached-twice", "link-count", "inode-unreachable"),
            image -> image.u32(image.entry("/usr/zero"), 1)),
        broken(List.of("directory-overlap"), image -> sharedEntries()));
  }

  static Stream<Arguments> inodes() {
    return Stream.of(
        broken("inode-number", image -> image.u32(image.inode("/etc/a"), 7)),
        broken(
            List.of("entry-type", "inode-type"),
            image -> image.u32(image.inode("/usr/zero") + 4, 010644)),
        broken("inode-mode", image -> image.u32(image.inode("/usr/zero") + 4, 0300644)),
        broken("reserved-not-zero", image -> image.u8(image.inode("/etc/a") + 36, 1)),
        broken("reserved-not-zero", image -> image.u8(image.inode("/etc/a") + 63, 1)),
        broken("root-not-directory", image -> rootOnly().u32(rootOnly().inode("/") + 4, 0100644)),
        broken("link-count", image -> image.u32(image.inode("/etc/a") + 32, 1)),
        broken("link-count", image -> image.u32(image.inode("/") + 32, 4)),
        broken("directory-size", image -> image.u64(image.inode("/usr") + 16, 272)),
        broken("directory-size", image -> image.u64(image.inode("/usr") + 16, -2)),
        broken("directory-array-beyond-base", image -> cutShort(image)),
        broken(
            "directory-array-beyond-base",
            image -> image.u64(image.inode("/usr") + 16, 271L << 52)),
        broken("directory-array-beyond-base", image -> image.u64(image.inode("/bin") + 24, -1)),
        broken("directory-unaligned", image -> unalignedDirectory()),
        broken("symlink-empty", image -> image.u64(image.inode("/etc/l") + 16, 0)),
        broken("symlink-unterminated", image -> image.u8(image.data("/etc/l") + 11, 'x')),
        broken("symlink-unterminated", image -> targetAtTheEnd(image)),
        broken("symlink-nul", image -> image.u8(image.data("/etc/l") + 3, 0)),
        broken(
            "symlink-too-long",
            image -> new ImageBuilder(4096).symlink("/l", "x".repeat(4096)).build()),
        broken("data-beyond-base", image -> image.u64(image.inode("/etc/l") + 24, -1)),
        broken("data-beyond-base", image -> image.u64(image.inode("/etc/a") + 16, -1)),
        broken("data-beyond-base", image -> image.u64(image.inode("/usr/zero") + 24, 1L << 40)),
        broken("data-unaligned", image -> image.u64(image.inode("/etc/a") + 24, 8)),
        broken("tail-not-zero", image -> image.u8(image.data("/etc/a") + 6, 1)),
        broken("tail-not-zero", image -> image.u8(image.data("/etc/a") + 4095, 1)));
  }

  static Stream<Arguments> overlaps() {
    return Stream.of(
        broken("data-overlap", image -> image.u64(image.inode("/usr/same") + 16, 4999)),
        broken(
            "data-overlap",
            image ->
                image.u64(image.inode("/etc/a") + 24, image.u64(image.inode("/usr/data") + 24))),
        broken("data-overlap", image -> symlinkInData(image)),
        broken("data-overlap", image -> directoryInData(image)),
        broken("data-overlap", image -> tableInData()));
  }

  static Stream<Arguments> annexes() {
    UnaryOperator<BuiltImage> same = image -> image;
    return Stream.of(
        annex("annex-version", ANNEX, image -> image.u32(520, 2)),
        annex("reserved-not-zero", ANNEX, image -> image.u32(524, 2)),
        annex("annex-place", ANNEX, image -> image.u64(528, 1L << 50)),
        annex("annex-place", ANNEX, image -> image.u64(528, -1)),
        annex("annex-place", ANNEX, image -> image.u64(536, -1)),
        arguments(
            List.of("annex-place", "annex-digest"),
            ImageBuilder.sample().annex(ANNEX).build().u64(528, 8192)),
        annex("annex-digest", ANNEX, image -> image.u8(544, image.u32(544) + 1)),
        annex("annex-json", "{}".getBytes(StandardCharsets.US_ASCII), same),
        annex("annex-json", new byte[0], same));
  }

  private static Arguments broken(String id, UnaryOperator<BuiltImage> change) {
    return broken(List.of(id), change);
  }

  private static Arguments broken(List<String> ids, UnaryOperator<BuiltImage> change) {
    return arguments(ids, change.apply(sample()));
  }

  private static Arguments annex(String id, byte[] json, UnaryOperator<BuiltImage> change) {
    return arguments(List.of(id), change.apply(ImageBuilder.sample().annex(json).build()));
  }

  private static BuiltImage sample() {
    return ImageBuilder.sample().build();
  }

  private static BuiltImage split() {
    return ImageBuilder.sample().split().build();
  }

  private static BuiltImage noOverlay() {
    return ImageBuilder.sample().withoutOverlay().build();
  }

  /** An image of a root only; its base image is its inode table. */
  private static BuiltImage rootOnly() {
    return new ImageBuilder(4096).withoutOverlay().build();
  }

  private static BuiltImage unalignedBase() {
    BuiltImage image = rootOnly();
    MemorySegment.copy(image.bytes(), 4096, image.bytes(), 4096 + 64, 64);
    return image.u64(24, 4096 + 64).u64(32, 64);
  }

  private static long overlay(BuiltImage image) {
    return image.u64(64);
  }

  private static BuiltImage pcache(long at, int change) {
    BuiltImage image = split();
    long field = image.u64(88) + at;
    return image.u32(field, image.u32(field) + change);
  }

  private static BuiltImage longer(BuiltImage image) {
    long size = image.bytes().byteSize();
    return image.resized(size + 10).u8(size + 9, 1);
  }

  private static BuiltImage overlayInBase(BuiltImage image) {
    // The overlay's place grows downwards by the base image growing into it.
    return image.u64(32, image.u64(32) + 4096);
  }

  private static BuiltImage name(BuiltImage image, String path, String name) {
    long entry = image.entry(path);
    image.u8(entry + 8, name.length());
    MemorySegment.copy(
        MemorySegment.ofArray(name.getBytes(StandardCharsets.US_ASCII)),
        0,
        image.bytes(),
        entry + 16,
        name.length());
    return image;
  }

  private static BuiltImage cutShort(BuiltImage image) {
    // All that the kernel counts is inside, 271 bytes each; what it reads is not.
    return image.u64(image.inode("/usr") + 24, image.u64(32) - 3 * 271);
  }

  private static BuiltImage unalignedDirectory() {
    BuiltImage image = new ImageBuilder(4096).directory("/a", 0755).build();
    long old = image.data("/");
    MemorySegment.copy(image.bytes(), old, image.bytes(), old + 18, 272);
    image.u64(old, 0).u64(old + 8, 0).u8(old + 16, 0).u8(old + 17, 0);
    return image.u64(image.inode("/") + 24, old + 18 - 4096);
  }

  private static BuiltImage targetAtTheEnd(BuiltImage image) {
    long end = image.u64(32);
    image.u8(4096 + end - 1, 'x');
    return image.u64(image.inode("/etc/l") + 24, end - 1).u64(image.inode("/etc/l") + 16, 1);
  }

  /** Two directories with the same entries: each of them is in the tree twice as often. */
  private static BuiltImage sharedEntries() {
    ImageBuilder builder = new ImageBuilder(4096).withoutOverlay();
    builder.directory("/a", 0755).directory("/b", 0755);
    for (int i = 0; i < 100; i++) {
      builder.symlink("/a/" + i, "x");
    }
    BuiltImage image = builder.build();
    image.u64(image.inode("/b") + 16, 100 * 271);
    return image.u64(image.inode("/b") + 24, image.u64(image.inode("/a") + 24));
  }

  private static BuiltImage symlinkInData(BuiltImage image) {
    image.u8(image.data("/usr/data"), 'x');
    image.u64(image.inode("/etc/l") + 16, 1);
    return image.u64(image.inode("/etc/l") + 24, image.data("/usr/data") - 4096);
  }

  private static BuiltImage directoryInData(BuiltImage image) {
    long from = image.data("/etc");
    long to = image.data("/usr/data");
    MemorySegment.copy(image.bytes(), from, image.bytes(), to, 3 * 272);
    return image.u64(image.inode("/etc") + 24, to - 4096);
  }

  private static BuiltImage tableInData() {
    BuiltImage image =
        new ImageBuilder(4096).withoutOverlay().file("/a", 0644, new byte[2000]).build();
    long size = 2 * 64;
    long from = image.inode("/");
    MemorySegment.copy(image.bytes(), from, image.bytes(), image.data("/a"), size);
    return image.u64(40, image.data("/a") - 4096);
  }
}
