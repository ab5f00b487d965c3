package io.daxconv.converter.running;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.ConversionListener;
import io.daxconv.converter.ConversionOptions;
import io.daxconv.converter.Converter;
import io.daxconv.converter.kernel.MountTable;
import io.daxconv.converter.mount.BaseChoice;
import io.daxconv.converter.mount.BaseTarget;
import io.daxconv.converter.mount.ContainerNames;
import io.daxconv.converter.mount.IdMapping;
import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.OverlayOptions;
import io.daxconv.converter.mount.PlanDirectories;
import io.daxconv.converter.mount.Upper;
import io.daxconv.converter.testing.RequiresTools;
import io.daxconv.converter.testing.TarBuilder;
import io.daxconv.converter.testing.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs that end at each line of the journal, before it is written and right behind it, as by a
 * kill. Whatever was begun, the next {@code down} leaves no mount, no directory and no journal.
 */
@RequiresTools(
    value = "unshare",
    root = true,
    filesystems = {"erofs", "overlay", "tmpfs"})
final class KilledRunTest {
  @TempDir private Path directory;

  private StateDirectory states;
  private Path image;
  private Path root;

  /** Stands for a kill: nothing in the program catches it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** What the plan has. */
  enum Kind {
    UPPER_DIRECTORIES,
    TMPFS,
    READ_ONLY,
    MAPPED_IDS
  }

  @BeforeEach
  void makeImage() throws IOException {
    states = new StateDirectory(directory.resolve("state"));
    image = directory.resolve("image.daxfs");
    root = directory.resolve("a/b");
    byte[] tar = TarBuilder.tar().directory("dir/").file("dir/file", "base").build();
    Converter.convert(
        TestImages.of(tar), image, ConversionOptions.DEFAULT, ConversionListener.NONE);
  }

  @AfterEach
  void unmount() throws IOException {
    for (String name : states.names()) {
      Down.run(name, true, states);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isUndoneWhereverItEnds(Kind kind) throws IOException {
    MountPlan plan = plan(kind);
    int lines = linesOfAWholeRun(plan);
    assertThat(lines).isGreaterThan(8);
    for (int end = 0; end < 2 * lines; end++) {
      Telling killed = killedAt(end);
      assertThatThrownBy(() -> Up.run(plan, states, killed)).isInstanceOf(Killed.class);
      if (end >= 1) {
        assertThat(PlanStatus.all(states)).as("end %d", end).hasSize(1);
      }
      Down.run(plan.name(), false, states);
      assertNothingLeft(end);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isUndoneWhereverItsUndoingEnds(Kind kind) throws IOException {
    MountPlan plan = plan(kind);
    boolean ended = false;
    for (int end = 0; !ended; end++) {
      Up.run(plan, states);
      Telling killed = killedAt(end);
      try {
        Down.run(plan.name(), false, states, killed);
        ended = true;
        assertThat(end).isGreaterThan(8);
      } catch (Killed e) {
        Down.run(plan.name(), false, states);
      }
      assertNothingLeft(end);
    }
  }

  /** Ends before (even) or behind (odd) a line. */
  private Telling killedAt(int end) {
    Journal journal = states.journal("plan");
    int[] told = {0};
    return entry -> {
      if (told[0]++ == end / 2) {
        if (end % 2 == 1) {
          journal.append(entry);
        }
        throw new Killed();
      }
      journal.append(entry);
    };
  }

  private int linesOfAWholeRun(MountPlan plan) throws IOException {
    Up.run(plan, states);
    int lines = states.journal(plan.name()).read().size();
    assertThat(PlanStatus.all(states).getFirst().state()).isEqualTo(PlanStatus.State.UP);
    for (String name : List.of("c1", "c2")) {
      assertThat(root.resolve(name).resolve("merged/dir/file")).hasContent("base");
    }
    assertThat(Down.run(plan.name(), false, states).problems()).isEmpty();
    assertNothingLeft(-1);
    return lines;
  }

  private void assertNothingLeft(int end) throws IOException {
    assertThat(MountTable.read().from(directory.toRealPath())).as("end %d", end).isEmpty();
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .as("end %d", end)
          .containsExactlyInAnyOrder("image.daxfs", "state");
    }
    assertThat(states.names()).as("end %d", end).isEmpty();
  }

  private MountPlan plan(Kind kind) throws IOException {
    Upper upper =
        switch (kind) {
          case UPPER_DIRECTORIES, MAPPED_IDS -> new Upper.Directory(root);
          case TMPFS -> new Upper.Tmpfs(OptionalLong.of(1 << 20));
          case READ_ONLY -> new Upper.None();
        };
    @Nullable IdMapping mapping =
        kind == Kind.MAPPED_IDS ? new IdMapping(0, 100_000, 65_536) : null;
    OverlayOptions usual = OverlayOptions.standard(upper);
    return MountPlan.of(
        "plan",
        image,
        Files.size(image),
        4096,
        BaseChoice.asked(new BaseTarget.ImageFile()),
        PlanDirectories.below(root),
        new OverlayOptions(
            upper, false, false, usual.redirectDir(), usual.xino(), false, null, mapping),
        ContainerNames.numbered(2));
  }
}
