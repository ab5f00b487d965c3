package io.daxconv.converter.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.ImageBuilder;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.verify.TreeEntry.Content;
import io.daxconv.converter.verify.TreeEntry.Directory;
import io.daxconv.converter.verify.TreeEntry.Regular;
import io.daxconv.converter.verify.TreeEntry.Symlink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class TreeComparisonTest {
  private static final byte[] HELLO = bytes("hello\n");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static FileContent hashed(Digest sha256) {
    return new FileContent.Hashed(sha256);
  }

  private static TreeEntry entry(String path, int permissions, Content content) {
    return new TreeEntry(bytes(path), permissions, 0, 0, content);
  }

  private static List<TreeEntry> expected() {
    Content hello = new Regular(6, hashed(Digest.sha256(HELLO)), bytes("/etc/a"));
    Content data = new Regular(5000, hashed(Digest.sha256(new byte[5000])), null);
    return new ArrayList<>(
        List.of(
            entry("/", 0755, new Directory()),
            entry("/bin", 0755, new Directory()),
            entry("/etc", 0750, new Directory()),
            new TreeEntry(bytes("/etc/a"), 0644, 1000, 0xffff_fffeL, hello),
            new TreeEntry(bytes("/etc/b"), 0644, 1000, 0xffff_fffeL, hello),
            entry("/etc/l", 0777, new Symlink(bytes("../usr/data"))),
            entry("/usr", 0755, new Directory()),
            entry("/usr/data", 0644, data),
            entry("/usr/same", 04755, data),
            entry("/usr/zero", 0600, new Regular(0, hashed(Digest.sha256(new byte[0])), null))));
  }

  private static Differences compare(List<TreeEntry> expected) throws Exception {
    DaxfsImage image = DaxfsImage.of("x", ImageBuilder.sample().build().bytes());
    return TreeComparison.compare(new ImageContents(image), expected);
  }

  /** The findings when one path is expected to be something else. */
  private static List<Finding> changed(int index, UnaryOperator<TreeEntry> change)
      throws Exception {
    List<TreeEntry> expected = expected();
    expected.set(index, change.apply(expected.get(index)));
    return compare(expected).findings();
  }

  private static List<Finding> content(int index, Content content) throws Exception {
    return changed(index, e -> new TreeEntry(e.path(), e.permissions(), e.uid(), e.gid(), content));
  }

  @Test
  void findsNoDifferenceInAnyOrder() throws Exception {
    List<TreeEntry> reversed = expected();
    Collections.reverse(reversed);

    assertThat(compare(reversed)).isEqualTo(new Differences(List.of(), 0, 10));
    assertThat(compare(reversed).isNone()).isTrue();
  }

  @Test
  void findsPathsOfOneSideOnly() throws Exception {
    assertThat(changed(4, e -> entry("/etc/a b", 0644, e.content())))
        .containsExactly(
            new Finding("path-missing", "/etc/a%20b", "a regular file", "nothing"),
            new Finding("path-unexpected", "/etc/b", "nothing", "a regular file"));
    assertThat(changed(9, e -> entry("/zzz", 0644, new Directory())))
        .containsExactly(
            new Finding("path-unexpected", "/usr/zero", "nothing", "a regular file"),
            new Finding("path-missing", "/zzz", "a directory", "nothing"));
    assertThat(compare(expected().subList(0, 9)).findings())
        .containsExactly(new Finding("path-unexpected", "/usr/zero", "nothing", "a regular file"));
  }

  @Test
  void findsOtherMetadata() throws Exception {
    assertThat(changed(2, e -> entry("/etc", 01755, e.content())))
        .containsExactly(new Finding("mode-differs", "/etc", "1755", "0750"));
    assertThat(changed(2, e -> new TreeEntry(e.path(), e.permissions(), 1, 2, e.content())))
        .containsExactly(new Finding("owner-differs", "/etc", "1:2", "0:0"));
  }

  @Test
  void findsOtherContents() throws Exception {
    assertThat(content(1, new Symlink(bytes("usr/bin"))))
        .containsExactly(new Finding("type-differs", "/bin", "a symlink", "a directory"));
    assertThat(content(5, new Symlink(bytes("a b"))))
        .containsExactly(new Finding("target-differs", "/etc/l", "a%20b", "../usr/data"));
    assertThat(content(7, new Regular(1, hashed(Digest.sha256(HELLO)), null)))
        .containsExactly(new Finding("size-differs", "/usr/data", "1 bytes", "5000 bytes"));
    Digest hello = Digest.sha256(HELLO);
    Digest zeros = Digest.sha256(new byte[5000]);
    assertThat(content(7, new Regular(5000, hashed(hello), null)))
        .containsExactly(
            new Finding("content-differs", "/usr/data", hello.toString(), zeros.toString()));
    assertThat(content(8, new Regular(5000, hashed(zeros), bytes("/usr/data"))))
        .containsExactly(
            new Finding("links-differ", "/usr/same", "a link to /usr/data", "no other name"));
  }
}
