package io.daxconv.converter.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.testing.RequiresTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ways of telling layers, for kernels of all ages; a new one takes all of them. */
@RequiresTools(
    root = true,
    filesystems = {"overlay"})
final class OverlayMountTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void takesEveryPath(OverlayMount.Telling telling) throws IOException {
    Path odd = Files.createDirectory(directory.resolve("a:b,c\\d\\\\e =\"\n"));
    Path lower = Files.createDirectory(odd.resolve("lower:\\"));
    Path upper = Files.createDirectory(odd.resolve("upper"));
    Path work = Files.createDirectory(odd.resolve("work"));
    Path merged = Files.createDirectory(odd.resolve("merged"));
    Files.writeString(lower.resolve("file"), "base");
    try (DetachedMount mount =
        OverlayMount.of(telling, "plan/c1", lower, upper, work, List.of("xino=on"))) {
      MountIdentity before = mount.identity();
      mount.attach(merged);
      assertThat(MountIdentity.at(merged)).isEqualTo(before);
      assertThat(merged.resolve("file")).hasContent("base");
      Files.writeString(merged.resolve("new"), "x");
      assertThat(upper.resolve("new")).hasContent("x");
    } finally {
      Mounts.unmount(merged);
    }
    assertThat(MountTable.read().from(odd)).isEmpty();
  }

  @Test
  void saysWhatTheKernelSays() {
    assertThatThrownBy(
            () ->
                OverlayMount.of(
                    "plan/c1", directory, directory, directory, List.of("no_such_option=x")))
        .isInstanceOf(KernelException.class)
        .hasMessage(
            "overlay option no_such_option=\"x\": EINVAL, invalid argument; the kernel says:"
                + " overlay: Unknown parameter 'no_such_option'");
  }
}
