package io.daxconv.converter.running;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.kernel.Host;
import io.daxconv.converter.kernel.MountIdentity;
import io.daxconv.converter.running.JournalEntry.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A journal's lines, and what they come to. */
final class JournalTest {
  private static final Path BASE = Path.of("/r/base");
  private static final JournalEntry.Begun BEGUN =
      new JournalEntry.Begun(
          "h",
          Path.of("/image \"x\"\n.daxfs"),
          Path.of("/r"),
          "file",
          new Host("boot", "mnt:[1]"),
          7,
          List.of(
              new JournalEntry.Container("a", Path.of("/r/a/merged"), Path.of("/r/a/upper")),
              new JournalEntry.Container("b", Path.of("/r/b/merged"), null)));
  private static final JournalEntry.Mounting MOUNTING =
      new JournalEntry.Mounting(BASE, new MountIdentity(1L << 40, 2, 3, 4), "erofs", "/i", null);
  private static final List<JournalEntry> ALL =
      List.of(
          BEGUN,
          new JournalEntry.Making(BASE, Role.PLACE, null),
          new JournalEntry.Making(Path.of("/r/a/upper"), Role.UPPER, "a"),
          new JournalEntry.Making(Path.of("/r/a/work"), Role.WORK, "a"),
          MOUNTING,
          new JournalEntry.Ready(),
          new JournalEntry.Unmounted(BASE),
          new JournalEntry.Removed(BASE),
          new JournalEntry.Kept());

  @TempDir private Path directory;

  private Journal journal() {
    return new Journal(directory.resolve("h.journal"));
  }

  @Test
  void readsWhatItWrote() throws IOException {
    assertThat(journal().read()).isEmpty();
    for (JournalEntry entry : ALL) {
      journal().append(entry);
    }
    assertThat(journal().read()).isEqualTo(ALL);
  }

  @Test
  void aLineWithoutItsEndWasNeverTold() throws IOException {
    journal().append(BEGUN);
    Files.writeString(journal().file(), "{\"ready\":tr", StandardOpenOption.APPEND);
    assertThat(journal().read()).containsExactly(BEGUN);
    journal().append(MOUNTING);
    assertThat(journal().read()).containsExactly(BEGUN, MOUNTING);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "{}",
        "[]",
        "",
        "{\"making\":\"relative\",\"role\":\"place\"}",
        "{\"making\":\"/x\",\"role\":\"other\"}",
        "{\"mounting\":\"/x\",\"type\":\"erofs\",\"source\":\"x\"}",
        "{\"begun\":\"h\",\"version\":2}"
      })
  void refusesOtherLines(String line) throws IOException {
    journal().append(BEGUN);
    Files.writeString(journal().file(), line + "\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> journal().read())
        .isInstanceOf(StateException.class)
        .hasMessageContaining("h.journal: line 2: expected a line of a journal of version 1");
  }

  @Test
  void comesToWhatIsLeft() {
    assertThat(PlanState.of(List.of())).isNull();
    PlanState half = requireNonNull(PlanState.of(ALL.subList(0, 5)));
    assertThat(half.mounts()).containsOnlyKeys(BASE);
    assertThat(half.ready()).isFalse();
    assertThat(requireNonNull(PlanState.of(ALL.subList(0, 6))).ready()).isTrue();
    PlanState end = requireNonNull(PlanState.of(ALL));
    assertThat(end.mounts()).isEmpty();
    assertThat(end.directories()).containsOnlyKeys(Path.of("/r/a/upper"), Path.of("/r/a/work"));
    assertThat(end.ready()).isFalse();
    assertThat(end.kept()).isTrue();
  }
}
