package io.daxconv.converter.erofs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.ImageBuilder;
import io.daxconv.converter.daxfs.TreeWalk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ErofsViewTest {
  private static ViewBuilder sample() throws IOException {
    return ViewBuilder.of(ImageBuilder.sample().build());
  }

  private static ErofsView view(BuiltView built) throws IOException {
    DaxfsImage image = DaxfsImage.of("x", built.view().bytes());
    return Objects.requireNonNull(ErofsView.of(image));
  }

  private static PlacedInode find(ErofsView view, String path) throws IOException {
    PlacedInode at = view.root();
    for (String name : path.substring(1).split("/", -1)) {
      at = Objects.requireNonNull(view.lookup(at, name.getBytes(US_ASCII)), path);
    }
    return at;
  }

  private static List<String> paths(ErofsView view) throws IOException {
    List<String> paths = new ArrayList<>();
    TreeWalk<PlacedInode> walk = view.walk();
    for (TreeWalk.Step<PlacedInode> step = walk.next(); step != null; step = walk.next()) {
      paths.add(new String(step.path(), US_ASCII));
    }
    return paths;
  }

  private static byte[] contents(ErofsView view, String path) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (MemorySegment piece : view.contents(find(view, path))) {
      bytes.writeBytes(piece.toArray(ValueLayout.JAVA_BYTE));
    }
    return bytes.toByteArray();
  }

  private static void assertCorrupt(ThrowingCallable reading, String message) {
    assertThatThrownBy(reading).isInstanceOf(CorruptImageException.class).hasMessage(message);
  }

  @Test
  void isAbsentWhereTheMagicIsZeros() throws IOException {
    assertThat(ErofsView.of("x", ImageBuilder.sample().build().bytes())).isNull();
    assertThat(ErofsView.of("x", MemorySegment.ofArray(new byte[4095]))).isNull();
  }

  @Test
  void refusesOtherMagics() throws IOException {
    BuiltView built = sample().build();
    built.view().u32(1024, 1);

    assertCorrupt(
        () -> view(built),
        "x: EROFS: byte 1024: expected zeros or the magic 0xe0f5e1e2, found 0x00000001");
  }

  @Test
  void readsWhatMkfsMakes() throws IOException {
    ErofsView view = Objects.requireNonNull(ErofsView.of("x", MkfsImage.empty()));

    assertThat(paths(view)).containsExactly("/");
    assertThat(view.entries(view.root()))
        .extracting(entry -> new String(entry.name(), US_ASCII) + " " + entry.nid())
        .containsExactly(". 36", ".. 36");
  }

  @Test
  void walksInTheOrderOfPaths() throws IOException {
    ImageBuilder image =
        new ImageBuilder(4096)
            .directory("/a", 0755)
            .file("/a/x", 0644, new byte[1])
            .symlink("/a-b", "x")
            .symlink("/a0", "x");

    assertThat(paths(view(ViewBuilder.of(image.build()).build())))
        .containsExactly("/", "/a", "/a-b", "/a/x", "/a0");
  }

  @Test
  void readsTargetsInlineAndInBlocks() throws IOException {
    String longest = "x".repeat(4095);
    ImageBuilder image = ImageBuilder.sample().symlink("/long", longest);
    ErofsView view = view(ViewBuilder.of(image.build()).plain("/etc/l").build());

    assertThat(view.target(find(view, "/etc/l"))).isEqualTo("../usr/data".getBytes(US_ASCII));
    assertThat(view.target(find(view, "/long"))).isEqualTo(longest.getBytes(US_ASCII));
  }

  @Test
  void readsContentsOfAllLayouts() throws IOException {
    byte[] data = new byte[9000];
    data[0] = 1;
    data[8192] = 2;
    data[8999] = 3;
    ErofsView view =
        view(sample().own("/usr/data", data, true).own("/usr/zero", data, false).build());

    assertThat(contents(view, "/etc/a")).isEqualTo("hello\n".getBytes(US_ASCII));
    assertThat(contents(view, "/usr/same")).isEqualTo(new byte[5000]);
    assertThat(contents(view, "/usr/data")).isEqualTo(data);
    assertThat(contents(view, "/usr/zero")).isEqualTo(data);
    assertThat(find(view, "/etc/b").nid()).isEqualTo(find(view, "/etc/a").nid());
  }

  @Test
  void readsXattrsAndDevices() throws IOException {
    ErofsView view =
        view(
            sample()
                .special("/bin/null", FileMode.CHARACTER_DEVICE | 0666, ErofsInode.device(1, 3))
                .xattr("/usr", "security.b", "v")
                .xattr("/usr", "system.posix_acl_access", "")
                .build());

    assertThat(view.xattrs(find(view, "/usr")))
        .containsOnlyKeys("security.b", "system.posix_acl_access")
        .containsEntry("security.b", new byte[] {'v'});
    assertThat(view.xattrs(find(view, "/bin"))).isEmpty();
    assertThat(find(view, "/bin/null").inode().blockOrDevice()).isEqualTo(0x103);
  }

  @Test
  void findsEachOfManyNames() throws IOException {
    ImageBuilder image = new ImageBuilder(4096).directory("/d", 0755);
    for (int i = 0; i < 3000; i++) {
      image.symlink("/d/" + "n".repeat(i % 97) + i, "t" + i);
    }
    ErofsView view = view(ViewBuilder.of(image.build()).build());
    PlacedInode directory = find(view, "/d");

    assertThat(directory.inode().size()).isGreaterThan(20 * 4096);
    for (int i = 0; i < 3000; i++) {
      PlacedInode found = find(view, "/d/" + "n".repeat(i % 97) + i);
      assertThat(view.target(found)).isEqualTo(("t" + i).getBytes(US_ASCII));
    }
    for (String other : List.of("", "!", ".", "..", "n", "zzz", "5000")) {
      PlacedInode found = view.lookup(directory, other.getBytes(US_ASCII));
      assertThat(found == null).as(other).isEqualTo(!other.startsWith("."));
    }
  }

  @Test
  void saysWhatIsWrongAndWhere() throws IOException {
    BuiltView built = sample().build();
    long nid = built.nid("/etc/l");
    long at = built.view().inode("/etc/l");
    ErofsView view = view(built);
    PlacedInode symlink = view.inode(nid);

    assertCorrupt(
        () -> view.inode(-1),
        "x: EROFS: nid 18446744073709551615: expected an inode inside the image's %d bytes, found nid 18446744073709551615"
            .formatted(view.size()));
    assertCorrupt(
        () -> view.contents(symlink),
        "x: EROFS: nid %d, byte %d: expected a regular file, found mode 0120777"
            .formatted(nid, at));
    assertCorrupt(
        () -> view.entries(symlink),
        "x: EROFS: nid %d, byte %d: expected a directory, found mode 0120777".formatted(nid, at));

    built.view().u32(at + 8, 0);
    assertCorrupt(
        () -> view.target(view.inode(nid)),
        "x: EROFS: nid %d, byte %d: expected a target of 1 to 4095 bytes, found 0"
            .formatted(nid, at));
  }

  @Test
  void endsWithADirectoryThatHasTwoParents() throws IOException {
    BuiltView built = sample().build();
    built.view().u64(built.view().entry("/usr/zero"), built.nid("/"));

    assertCorrupt(
        () -> paths(view(built)),
        "x: EROFS: /usr/zero/: expected a directory of one parent, found nid 1 again");
  }

  @Test
  void endsWithDirectoriesThatShareTheirBlocks() throws IOException {
    ImageBuilder image = new ImageBuilder(4096);
    for (int i = 0; i < 40; i++) {
      image.directory("/" + i, 0755);
    }
    for (int i = 0; i < 600; i++) {
      image.symlink("/0/" + i, "t");
    }
    BuiltView built = ViewBuilder.of(image.build()).plain("/0").build();
    long shared = built.view().inode("/0");
    for (int i = 1; i < 40; i++) {
      long at = built.view().inode("/" + i);
      MemorySegment.copy(built.view().bytes(), shared, built.view().bytes(), at, 32);
    }

    assertThatThrownBy(() -> paths(view(built)))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageEndingWith(
            "expected directories with blocks of their own, found blocks that overlap");
  }
}
