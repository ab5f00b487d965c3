package io.daxconv.converter.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.mount.OverlayOptions.RedirectDir;
import io.daxconv.converter.mount.OverlayOptions.Xino;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OverlayOptionsTest {
  private static final Upper DIRECTORY = new Upper.Directory(Path.of("/u"));

  @Test
  void listsWhatTheKernelTakes() {
    assertThat(OverlayOptions.standard(DIRECTORY).list())
        .containsExactly("redirect_dir=on", "xino=on");
    OverlayOptions all =
        new OverlayOptions(
            DIRECTORY, true, true, RedirectDir.ON, Xino.AUTO, false, "u:r:t:s0:c1,c2", null);
    assertThat(all.list())
        .containsExactly(
            "redirect_dir=on", "xino=auto", "metacopy=on", "volatile", "context=u:r:t:s0:c1,c2");
    assertThat(all.joined())
        .isEqualTo("redirect_dir=on,xino=auto,metacopy=on,volatile,context=\"u:r:t:s0:c1,c2\"");
  }

  @Test
  void refusesWhatContradictsItself() {
    refuses(
        options(DIRECTORY, false, true, RedirectDir.NOFOLLOW, false, null),
        "overlay options: expected redirect_dir=on with metacopy=on, found redirect_dir=nofollow");
    refuses(
        options(DIRECTORY, false, false, RedirectDir.ON, true, null),
        "overlay options: expected redirect_dir=nofollow and no metacopy with userxattr, found"
            + " redirect_dir=on,xino=on,userxattr");
    refuses(
        options(new Upper.None(), true, false, RedirectDir.ON, false, null),
        "overlay options: expected none of volatile, metacopy, userxattr and context for containers"
            + " without an upper, which have no overlay; found redirect_dir=on,xino=on,volatile");
    refuses(
        options(DIRECTORY, false, false, RedirectDir.ON, false, "a\"b"),
        "SELinux context: expected one such as system_u:object_r:container_file_t:s0, found"
            + " \"a\"b\"");
  }

  @Test
  void mapsNoIdsOverDaxfs() {
    OverlayOptions mapped =
        new OverlayOptions(
            DIRECTORY,
            false,
            false,
            RedirectDir.ON,
            Xino.ON,
            false,
            null,
            new IdMapping(0, 100000, 65536));
    assertThatThrownBy(() -> mapped.check(ImageView.DAXFS))
        .isInstanceOf(MountPlanException.class)
        .hasMessage(
            "id mapping: expected the EROFS view: the kernel has no id-mapped mounts of DAXFS");
  }

  @Test
  void readsIdMappings() throws MountPlanException {
    assertThat(IdMapping.parse("0:100000:65536")).isEqualTo(new IdMapping(0, 100000, 65536));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0:1", "0:1:0", "0:4294967295:1", "-1:1:1", "0:1:4294967296", "a:1:1"})
  void refusesOtherIdMappings(String text) {
    assertThatThrownBy(() -> IdMapping.parse(text))
        .isInstanceOf(MountPlanException.class)
        .hasMessageStartingWith("id mapping: expected ");
  }

  @Test
  void readsUppers() throws MountPlanException {
    assertThat(Upper.parse("none")).isEqualTo(new Upper.None());
    assertThat(Upper.parse("tmpfs")).isEqualTo(new Upper.Tmpfs(OptionalLong.empty()));
    assertThat(Upper.parse("tmpfs:64m")).isEqualTo(new Upper.Tmpfs(OptionalLong.of(64 << 20)));
    assertThat(Upper.parse("./tmpfs")).isEqualTo(new Upper.Directory(Path.of("./tmpfs")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tmpfs:", "tmpfs:0", "tmpfs:1x", "tmpfs:9999999999999999g", "tmpfs:1,ro"})
  void refusesOtherSizes(String text) {
    assertThatThrownBy(() -> Upper.parse(text))
        .isInstanceOf(MountPlanException.class)
        .hasMessageStartingWith("upper: expected tmpfs: and a number of bytes");
  }

  @Test
  void readsNames() throws MountPlanException {
    assertThat(ContainerNames.parse("web,db-1")).containsExactly("web", "db-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a,", "a b", "base", "merged", "uppers", ".x", "-n", "a/b"})
  void refusesOtherNames(String text) {
    assertThatThrownBy(() -> ContainerNames.parse(text))
        .isInstanceOf(MountPlanException.class)
        .hasMessageStartingWith("container: expected a name of letters");
    assertThatThrownBy(() -> ContainerNames.parse("a,a"))
        .hasMessage("containers: expected each name once, found a twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/run/x/c1/upper/m", "/run/x", "/run/x/base/m"})
  void keepsDirectoriesApart(Path merged) throws MountPlanException {
    PlanDirectories directories =
        new PlanDirectories(Path.of("/run/x"), Path.of("/run/x/base"), merged);
    if (merged.equals(directories.root())) {
      assertThat(plan(directories).overlays().getFirst().merged())
          .isEqualTo(Path.of("/run/x/c1/merged"));
    } else {
      assertThatThrownBy(() -> plan(directories))
          .isInstanceOf(MountPlanException.class)
          .hasMessageStartingWith(
              "directories: expected mounts and uppers apart, found \"" + merged);
    }
  }

  private static MountPlan plan(PlanDirectories directories) throws MountPlanException {
    return MountPlan.of(
        "x",
        Path.of("/x"),
        4096,
        4096,
        BaseChoice.asked(new BaseTarget.ImageFile()),
        directories,
        OverlayOptions.standard(new Upper.Directory(directories.root())),
        List.of("c1"));
  }

  private static OverlayOptions options(
      Upper upper,
      boolean volatileUpper,
      boolean metacopy,
      RedirectDir redirectDir,
      boolean userxattr,
      @Nullable String context) {
    return new OverlayOptions(
        upper, volatileUpper, metacopy, redirectDir, Xino.ON, userxattr, context, null);
  }

  private static void refuses(OverlayOptions options, String message) {
    assertThatThrownBy(() -> options.check(ImageView.EROFS))
        .isInstanceOf(MountPlanException.class)
        .hasMessage(message);
  }
}
