package io.daxconv.converter.daxfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.text.Escapes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TreeWalkTest {

  private static List<String> paths(BuiltImage image) throws CorruptImageException {
    List<String> paths = new ArrayList<>();
    TreeWalk<InodeEntry> walk = DaxfsImage.of("x", image.bytes()).walk();
    for (TreeWalk.Step<InodeEntry> step = walk.next(); step != null; step = walk.next()) {
      paths.add(Escapes.escape(step.path()));
    }
    return paths;
  }

  @Test
  void goesThroughAllPaths() throws Exception {
    assertThat(paths(ImageBuilder.sample().build()))
        .containsExactly(
            "/",
            "/bin",
            "/etc",
            "/etc/a",
            "/etc/b",
            "/etc/l",
            "/usr",
            "/usr/data",
            "/usr/same",
            "/usr/zero");
  }

  @Test
  void goesInTheOrderOfThePathsBytes() throws Exception {
    BuiltImage image =
        new ImageBuilder(4096)
            .symlink("/é", "x")
            .symlink("/a0", "x")
            .directory("/a", 0755)
            .symlink("/a-b", "x")
            .symlink("/a/z", "x")
            .symlink("/a/b", "x")
            .build();

    assertThat(paths(image)).containsExactly("/", "/a", "/a-b", "/a/b", "/a/z", "/a0", "/%C3%A9");
  }

  @Test
  void isEmptyWithoutABaseImage() throws Exception {
    assertThat(paths(ImageBuilder.sample().build().u64(24, 0))).isEmpty();
  }

  @Test
  void endsInACycle() {
    BuiltImage image = ImageBuilder.sample().build();
    image.u32(image.entry("/usr/zero"), 1);

    assertThatThrownBy(() -> paths(image))
        .hasMessage("x: /usr/zero/: expected a directory of one parent, found inode 1 again");
  }

  @Test
  void endsWhereDirectoriesShareTheirEntries() {
    ImageBuilder builder = new ImageBuilder(4096);
    for (int i = 0; i < 50; i++) {
      builder.directory("/" + i, 0755);
    }
    BuiltImage image = builder.symlink("/0/a", "x").build();
    for (int i = 0; i < 50; i++) {
      image.u64(image.inode("/" + i) + 24, 0).u64(image.inode("/" + i) + 16, 50 * 271);
    }

    assertThatThrownBy(() -> paths(image)).isInstanceOf(CorruptImageException.class);
  }

  @Test
  void endsInAChainThatIsTooDeep() {
    ImageBuilder builder = new ImageBuilder(4096);
    String path = "";
    for (int i = 0; i < 300; i++) {
      path += "/" + "d".repeat(255);
      builder.directory(path, 0755);
    }
    BuiltImage image = builder.build();

    assertThatThrownBy(() -> paths(image))
        .isInstanceOf(CorruptImageException.class)
        .hasMessageEndingWith("…: expected paths of at most 65536 bytes, found a longer one");
  }

  @Test
  void refusesNamesThatAreNone() {
    BuiltImage image = ImageBuilder.sample().build();
    image.u8(image.entry("/bin") + 17, '/');

    assertThatThrownBy(() -> paths(image))
        .hasMessage("x: /: expected names that can be looked up, found \"b/n\" of 3 bytes");
  }

  @Test
  void refusesEntriesThatLeadNowhere() {
    BuiltImage image = ImageBuilder.sample().build();
    image.u32(image.entry("/bin"), -1);

    assertThatThrownBy(() -> paths(image))
        .hasMessage("x: inode 4294967295: expected an inode from 1 to 9, found none");
  }
}
