package io.daxconv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveBlockTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Screen screen = new Screen(24, 20);
  private final LiveBlock block =
      new LiveBlock(new PrintStream(err, false, StandardCharsets.UTF_8), () -> screen);

  /** What was written since the last time, with the control sequences spelled out. */
  private String written() {
    String text = err.toString(StandardCharsets.UTF_8);
    err.reset();
    return text.replace("\r", "<start>")
        .replaceAll("\033\\[([0-9]+)A", "<up $1>")
        .replace("\033[K", "")
        .replace("\033[J", "<erase>");
  }

  @Test
  void drawsInPlaceAndErases() {
    block.draw(List.of("one", "two"));
    assertThat(written()).isEqualTo("<start>one\ntwo\n<erase>");

    block.draw(List.of("three"));
    assertThat(written()).isEqualTo("<start><up 2>three\n<erase>");

    block.close();
    assertThat(written()).isEqualTo("<start><up 1><erase>");
  }

  @Test
  void keepsLinesAboveItself() {
    block.draw(List.of("one", "two"));
    written();

    block.above("done", List.of("two"));
    assertThat(written()).isEqualTo("<start><up 2>done\ntwo\n<erase>");
  }

  @Test
  void cutsWhatTheTerminalCannotHold() {
    screen = new Screen(5, 8);
    block.draw(List.of("12345678", "2", "3", "4"));

    assertThat(written()).isEqualTo("<start>1234567\n2\nand 2 m\n<erase>");
  }

  @Test
  void countsTheRowsOfATerminalThatWasMadeNarrower() {
    block.draw(List.of("1234567890", "x"));
    written();

    screen = new Screen(24, 4);
    block.draw(List.of());
    assertThat(written()).isEqualTo("<start><up 4><erase>");
  }

  @Test
  void isSilentOnceClosed() {
    block.close();
    block.close();
    written();

    block.draw(List.of("late"));
    assertThat(written()).isEmpty();
    block.above("an error", List.of("late"));
    assertThat(written()).isEqualTo("an error\n");
  }
}
