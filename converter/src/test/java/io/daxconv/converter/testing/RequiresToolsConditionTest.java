package io.daxconv.converter.testing;

import static io.daxconv.converter.testing.RequiresToolsCondition.Mode.AUTO;
import static io.daxconv.converter.testing.RequiresToolsCondition.Mode.REQUIRED;
import static io.daxconv.converter.testing.RequiresToolsCondition.decide;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class RequiresToolsConditionTest {
  private static final Machine BARE = new Machine(List.of(Path.of("/bin")), false, List.of("ext4"));

  @RequiresTools(
      value = {"sh", "no-such-program"},
      root = true,
      filesystems = {"ext4", "overlay"})
  private static final class Demanding {}

  @RequiresTools("sh")
  private static final class Modest {}

  @Test
  void namesEachMissingPart() {
    assertThat(BARE.missing(requires(Demanding.class)))
        .containsExactly("root", "no-such-program", "the filesystem overlay");
    assertThat(BARE.missing(requires(Modest.class))).isEmpty();
  }

  @Test
  void leavesOutWhatMissesSomething() {
    assertThat(decide(AUTO, List.of("root", "skopeo")))
        .matches(result -> result.isDisabled())
        .extracting(result -> result.getReason().orElseThrow())
        .isEqualTo("needs root, skopeo");
  }

  @Test
  void failsWhatMissesSomethingWhenAllIsRequired() {
    assertThatThrownBy(() -> decide(REQUIRED, List.of("skopeo")))
        .hasMessage("-Ddaxconv.integration=required: this test needs skopeo, not found here");
  }

  @Test
  void runsWhatMissesNothing() {
    assertThat(decide(REQUIRED, List.of()).isDisabled()).isFalse();
  }

  private static RequiresTools requires(Class<?> type) {
    return Objects.requireNonNull(type.getAnnotation(RequiresTools.class));
  }
}
