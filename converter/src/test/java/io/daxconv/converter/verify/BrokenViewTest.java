package io.daxconv.converter.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import io.daxconv.converter.annex.FileXattrs;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.annex.SpecialFile;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.ImageBuilder;
import io.daxconv.converter.erofs.BuiltView;
import io.daxconv.converter.erofs.ErofsInode;
import io.daxconv.converter.erofs.ViewBuilder;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every finding of the EROFS view, by a sound image with one thing broken. */
class BrokenViewTest {
  private static final int SB = 1024;
  private static final int NULL_DEVICE = ErofsInode.device(1, 3);

  /** What breaks an image. */
  @FunctionalInterface
  private interface Change {
    void apply(BuiltView view) throws IOException;
  }

  /** What makes another one. */
  @FunctionalInterface
  private interface Making {
    BuiltView make() throws IOException;
  }

  private static ViewBuilder builder() throws IOException {
    return ViewBuilder.of(ImageBuilder.sample().build())
        .special("/bin/null", FileMode.CHARACTER_DEVICE | 0666, NULL_DEVICE)
        .xattr("/usr/data", "user.note", "hi")
        .time("/usr/zero", 1_600_000_000);
  }

  private static BuiltView sample() throws IOException {
    return builder().build();
  }

  private static Arguments broken(String id, Change change) {
    return broken(List.of(id), change);
  }

  private static Arguments broken(List<String> ids, Change change) {
    Making making =
        () -> {
          BuiltView view = sample();
          change.apply(view);
          return view.sealed();
        };
    return arguments(ids, making);
  }

  private static Arguments made(String id, Making making) {
    return made(List.of(id), making);
  }

  private static Arguments made(List<String> ids, Making making) {
    return arguments(ids, making);
  }

  @ParameterizedTest(name = "{0} #{index}")
  @MethodSource({"superblocks", "inodes", "entries", "data", "xattrs", "differences", "annexes"})
  void finds(List<String> ids, Making making) throws IOException {
    VerifyReport report = ImageVerifier.verify(making.make().view().bytes());

    assertThat(report.findings()).extracting(Finding::id).containsExactlyElementsOf(ids);
  }

  @Test
  void findsNothingInASoundView() throws IOException {
    VerifyReport report = ImageVerifier.verify(sample().view().bytes());

    assertThat(report.findings()).isEmpty();
    assertThat(report.erofs())
        .isEqualTo(new VerifyReport.ErofsCounts(10, 8, 1, 1, 1_600_000_000, 1_700_000_000));
  }

  @Test
  void saysWhereAndWhat() throws IOException {
    BuiltView view = sample();
    view.view().u32(view.view().inode("/etc/l") + 8, 0);

    assertThat(ImageVerifier.verify(view.view().bytes()).findings())
        .containsExactly(
            new Finding(
                "erofs-symlink-empty",
                "/etc/l (nid %d, byte %d)"
                    .formatted(view.nid("/etc/l"), view.view().inode("/etc/l")),
                "a target",
                "none"),
            new Finding(
                "erofs-differs-target",
                "/etc/l",
                "\"../usr/data\", as in DAXFS",
                "0 bytes of target that differ"));
  }

  static Stream<Arguments> superblocks() {
    return Stream.of(
        broken("erofs-magic", v -> v.view().u32(SB, 0xe0f5e1e3)),
        made(
            "erofs-checksum",
            () -> {
              BuiltView view = sample();
              view.view().u8(SB + 48, 'D');
              return view;
            }),
        broken("erofs-block-size", v -> v.view().u8(SB + 12, 9)),
        broken("erofs-feature", v -> v.view().u32(SB + 80, 2)),
        broken("erofs-build-time", v -> v.view().u32(SB + 32, 1_000_000_000)),
        broken("reserved-not-zero", v -> v.view().u8(SB + 13, 1)),
        broken("reserved-not-zero", v -> v.view().u8(SB + 84, 1)),
        broken("reserved-not-zero", v -> v.view().u8(SB + 127, 1)),
        broken("erofs-blocks", v -> v.view().u32(SB + 36, v.view().u32(SB + 36) + 1)),
        broken("erofs-metadata-place", v -> v.view().u32(SB + 40, v.view().u32(SB + 36))),
        broken("erofs-inode-count", v -> v.view().u64(SB + 16, 11)),
        broken("erofs-nid", v -> v.view().u8(SB + 15, 0xff)),
        broken(
            List.of("erofs-root"),
            v -> v.view().u8(SB + 14, (int) v.nid("/usr/data")).u8(SB + 15, 0)));
  }

  static Stream<Arguments> inodes() {
    return Stream.of(
        broken("erofs-inode-type", v -> v.view().u8(v.view().inode("/bin/null") + 5, 0)),
        broken(
            List.of("erofs-dirent-type"), v -> v.view().u8(v.view().inode("/bin/null") + 5, 0x61)),
        broken("erofs-inode-layout", v -> v.view().u8(v.view().inode("/etc/l"), 8)),
        broken("erofs-inode-reserved", v -> v.view().u8(v.view().inode("/usr") + 12, 1)),
        broken("erofs-inode-reserved", v -> v.view().u8(v.view().inode("/usr") + 31, 1)),
        broken("erofs-inode-reserved", v -> v.view().u8(v.view().inode("/usr/zero") + 6, 1)),
        broken("erofs-inode-reserved", v -> v.view().u8(v.view().inode("/usr/zero") + 63, 1)),
        broken("erofs-inode-time", v -> v.view().u32(v.view().inode("/usr/zero") + 40, -1)),
        broken("erofs-inode-size", v -> v.view().u32(v.view().inode("/bin/null") + 8, 1)),
        broken("erofs-link-count", v -> v.view().u32(v.view().inode("/etc/a") + 44, 1)),
        broken("erofs-link-count", v -> v.view().u8(v.view().inode("/") + 6, 4)));
  }

  static Stream<Arguments> entries() {
    return Stream.of(
        broken("erofs-dirent-name-offset", v -> v.view().u8(entry(v, "/bin/.") + 8, 0)),
        broken("erofs-dirent-name-offset", v -> v.view().u8(entry(v, "/bin/.") + 8, 37)),
        broken("erofs-dirent-name-offset", v -> v.view().u8(entry(v, "/bin/.") + 9, 0xf0)),
        broken("erofs-dirent-name-offset", v -> v.view().u8(entry(v, "/bin/..") + 8, 36)),
        broken("erofs-dirent-name-offset", v -> v.view().u8(entry(v, "/bin/null") + 9, 1)),
        broken(
            List.of("erofs-dirent-order", "erofs-differs-unexpected", "erofs-differs-missing"),
            v -> v.view().u8(name(v, "/etc", "/etc/b"), 'A')),
        broken(
            List.of("erofs-name", "erofs-differs-unexpected", "erofs-differs-missing"),
            v -> v.view().u8(name(v, "/usr", "/usr/data") + 2, '/')),
        broken("erofs-nid", v -> v.view().u64(entry(v, "/etc/b"), -1)),
        broken("erofs-nid", v -> v.view().u64(entry(v, "/etc/b"), 128)),
        broken("erofs-dirent-type", v -> v.view().u8(entry(v, "/etc/b") + 10, 2)),
        broken("erofs-dirent-type", v -> v.view().u8(entry(v, "/etc/.") + 10, 1)),
        broken("erofs-dirent-dots", v -> v.view().u64(entry(v, "/etc/.."), v.nid("/etc"))),
        broken("erofs-dirent-dots", v -> v.view().u64(entry(v, "/etc/."), v.nid("/"))),
        made("erofs-dirent-dots", BrokenViewTest::withoutDots),
        broken(
            List.of(
                "erofs-dirent-type",
                "erofs-directory-reached-twice",
                "erofs-link-count",
                "erofs-inode-count",
                "erofs-differs-links"),
            v -> v.view().u64(entry(v, "/usr/zero"), v.nid("/"))));
  }

  static Stream<Arguments> data() {
    return Stream.of(
        broken(
            List.of("erofs-data-beyond-image", "erofs-differs-size"),
            v -> v.view().u64(v.view().inode("/usr/zero") + 8, -1)),
        broken("erofs-data-beyond-image", v -> v.view().u32(v.view().inode("/usr/data") + 16, -1)),
        broken(
            "erofs-data-beyond-image",
            v -> v.view().u8(v.view().inode("/bin"), 0).u32(v.view().inode("/bin") + 16, -1)),
        made("erofs-inline-crosses-block", BrokenViewTest::tailOverTheEnd),
        broken(
            List.of("erofs-symlink-nul", "erofs-differs-target"),
            v -> v.view().u8(v.view().data("/etc/l") + 3, 0)),
        broken(
            List.of("erofs-symlink-too-long", "erofs-overlap", "erofs-overlap"),
            v ->
                v.view()
                    .u8(v.view().inode("/etc/l"), 0)
                    .u32(v.view().inode("/etc/l") + 8, 4096)
                    .u32(v.view().inode("/etc/l") + 16, 1)),
        made("erofs-overlap", BrokenViewTest::symlinkInOverlay),
        made("erofs-overlap", BrokenViewTest::symlinkInMetadata),
        made(
            "erofs-regular-inline",
            () -> builder().own("/etc/a", "hello\n".getBytes(US_ASCII), true).build()));
  }

  static Stream<Arguments> xattrs() {
    return Stream.of(
        broken("erofs-xattr-beyond-image", v -> xattr(v, -30, 0xff).view().u8(xattr(v) - 29, 0xff)),
        broken("erofs-overlap", v -> xattr(v, -30, 20)),
        broken("erofs-xattr-none", v -> xattr(v, -30, 1)),
        broken("erofs-xattr-shared", v -> xattr(v, 4, 1)),
        broken("erofs-xattr-size", v -> xattr(v, 14, 8)),
        broken("erofs-xattr-name", v -> xattr(v, 13, 5)),
        made(
            "erofs-xattr-duplicate",
            () -> {
              BuiltView view = builder().xattr("/usr/data", "user.notf", "ho").build();
              return xattr(view, 12 + 12 + 4 + 3, 'e').sealed();
            }),
        made(
            "erofs-xattr-overlay",
            () -> builder().xattr("/usr", "trusted.overlay.opaque", "y").build()),
        made(
            "erofs-xattr-overlay",
            () -> builder().xattr("/usr", "user.overlay.redirect", "/etc").build()));
  }

  static Stream<Arguments> differences() {
    return Stream.of(
        broken("erofs-differs-mode", v -> v.view().u8(v.view().inode("/usr/data") + 5, 0x89)),
        broken("erofs-differs-owner", v -> v.view().u8(v.view().inode("/usr") + 24, 1)),
        broken("erofs-differs-owner", v -> v.view().u32(v.view().inode("/etc/a") + 28, 1)),
        broken("erofs-differs-size", v -> v.view().u32(v.view().inode("/usr/same") + 8, 4999)),
        broken("erofs-differs-target", v -> v.view().u8(v.view().data("/etc/l"), '/')),
        broken(
            List.of("erofs-dirent-type", "erofs-differs-type"),
            v -> v.view().u8(v.view().inode("/usr/zero") + 5, 0x11)),
        broken(
            List.of("erofs-link-count", "erofs-link-count", "erofs-differs-links"),
            v -> v.view().u64(entry(v, "/etc/b"), v.nid("/usr/same"))),
        made("erofs-differs-missing", () -> builder().without("/etc/l").build()),
        made("erofs-differs-missing", () -> builder().without("/usr/zero").build()),
        made("erofs-differs-unexpected", () -> builder().link("/usr/x", "/usr/data").build()),
        made("erofs-differs-unexpected", () -> builder().link("/bin/x", "/usr/data").build()),
        made("erofs-differs-data", () -> builder().own("/usr/data", data(4999), false).build()),
        made(
            List.of("erofs-regular-inline", "erofs-differs-data"),
            () -> builder().own("/usr/data", data(4999), true).build()));
  }

  @Test
  void dataMayStandElsewhere() throws IOException {
    BuiltView view = builder().own("/usr/data", new byte[5000], false).build();

    assertThat(ImageVerifier.verify(view.view().bytes()).findings()).isEmpty();
  }

  private static byte[] data(int other) {
    byte[] data = new byte[5000];
    data[other] = 1;
    return data;
  }

  static Stream<Arguments> annexes() {
    SpecialFile device = special("/bin/null", "character-device", 3);
    FileXattrs xattrs = xattrs("/usr/data", "user.note", "hi");
    Remark remark =
        new Remark("xattr-not-in-erofs", "/usr/data", "os2.x has no prefix that is known");
    FileXattrs unknown = xattrs("/usr/data", "user.note", "hi", "os2.x", "?");
    return Stream.of(
        annex(List.of(), List.of(device), List.of(xattrs), List.of()),
        annex(List.of(), List.of(device), List.of(unknown), List.of(remark)),
        annex("xattrs", List.of(device), List.of(unknown), List.of()),
        annex("special", List.of(), List.of(xattrs), List.of()),
        annex(
            "special",
            List.of(special("/bin/null", "character-device", 5)),
            List.of(xattrs),
            List.of()),
        annex(
            "special",
            List.of(special("/bin/null", "block-device", 3)),
            List.of(xattrs),
            List.of()),
        annex(
            "special",
            List.of(device, special("/dev/null", "character-device", 3)),
            List.of(xattrs),
            List.of()),
        annex(
            "special",
            List.of(device, special("/usr/zero", "fifo", 0)),
            List.of(xattrs),
            List.of()),
        annex("special", List.of(device, device), List.of(xattrs), List.of()),
        annex("xattrs", List.of(device), List.of(), List.of()),
        annex("xattrs", List.of(device), List.of(xattrs, xattrs), List.of()),
        annex("xattrs", List.of(device), List.of(xattrs, xattrs("/", "user.a", "")), List.of()),
        annex("xattrs", List.of(device), List.of(xattrs, xattrs("/nope", "user.a", "")), List.of()),
        annex("xattrs", List.of(device), List.of(xattrs, xattrs("/%", "user.a", "")), List.of()),
        annex(
            "xattrs", List.of(device), List.of(xattrs("/usr/data", "user.note", "ho")), List.of()),
        annex(
            List.of("erofs-differs-xattrs", "erofs-differs-xattrs"),
            List.of(device),
            List.of(xattrs("/usr/data", "user.name", "hi")),
            List.of()));
  }

  private static Arguments annex(
      String what, List<SpecialFile> special, List<FileXattrs> xattrs, List<Remark> remarks) {
    return annex(List.of("erofs-differs-" + what), special, xattrs, remarks);
  }

  private static Arguments annex(
      List<String> ids, List<SpecialFile> special, List<FileXattrs> xattrs, List<Remark> remarks) {
    byte[] json =
        AnnexJson.toBytes(
            new Annex("a", null, null, List.of(), null, null, xattrs, special, remarks));
    return made(
        ids,
        () ->
            ViewBuilder.of(ImageBuilder.sample().annex(json).build())
                .special("/bin/null", FileMode.CHARACTER_DEVICE | 0666, NULL_DEVICE)
                .xattr("/usr/data", "user.note", "hi")
                .build());
  }

  private static SpecialFile special(String path, String type, long minor) {
    return new SpecialFile(path, type, 0666, 0, 0, minor == 0 ? 0 : 1, minor);
  }

  private static FileXattrs xattrs(String path, String... namesAndValues) {
    TreeMap<String, byte[]> byName = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      byName.put(namesAndValues[i], namesAndValues[i + 1].getBytes(US_ASCII));
    }
    return new FileXattrs(path, byName);
  }

  private static long entry(BuiltView view, String path) {
    return view.view().entry(path);
  }

  /** Where a name stands in a directory of one block. */
  private static long name(BuiltView view, String directory, String path) {
    return entry(view, directory + "/.") + (view.view().u32(entry(view, path) + 8) & 0xffff);
  }

  /** Where the xattrs of /usr/data stand. */
  private static long xattr(BuiltView view) {
    return view.view().inode("/usr/data") + ErofsInode.COMPACT_SIZE;
  }

  private static BuiltView xattr(BuiltView view, int at, int value) {
    view.view().u8(xattr(view) + at, value);
    return view;
  }

  private static BuiltView withoutDots() throws IOException {
    BuiltView view = ViewBuilder.of(ImageBuilder.sample().build()).build();
    view.view().u32(view.view().inode("/bin") + 8, 0);
    return view;
  }

  private static BuiltView tailOverTheEnd() throws IOException {
    BuiltView view = builder().plain("/etc/l").build();
    view.view().u32(view.view().inode("/bin") + 8, 4096);
    return view;
  }

  private static BuiltView symlinkAt(long block) throws IOException {
    BuiltView view = builder().plain("/etc/l").build();
    view.view().u32(view.view().inode("/etc/l") + 16, (int) block);
    return view;
  }

  private static BuiltView symlinkInOverlay() throws IOException {
    return symlinkAt(sample().daxfs().u64(64) / 4096);
  }

  private static BuiltView symlinkInMetadata() throws IOException {
    return symlinkAt(sample().metadata() / 4096);
  }
}
