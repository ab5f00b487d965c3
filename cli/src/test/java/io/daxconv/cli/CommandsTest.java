package io.daxconv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Which commands are made for which command line. */
final class CommandsTest {
  @Test
  void allHaveTheNamesThatTheirClassesSay() {
    for (Class<?> type : Commands.neededBy()) {
      Command command = type.getAnnotation(Command.class);
      assertThat(Commands.neededBy("--verbose", command.name())).containsExactly(type);
      for (String alias : command.aliases()) {
        assertThat(Commands.neededBy(alias)).containsExactly(type);
      }
    }
  }

  @Test
  void helpAndMisspeltNamesNeedAll() {
    assertThat(Commands.neededBy("--help"))
        .contains(ConvertCommand.class, PackCommand.class, VerifyCommand.class)
        .isEqualTo(Commands.neededBy());
    assertThat(Commands.neededBy("verfy", "convert")).isEqualTo(Commands.neededBy());
  }

  @Test
  void theVersionNeedsNone() {
    assertThat(Commands.neededBy("--version")).isEmpty();
  }

  @Test
  void inheritedOptionsAreTakenBehindACommand() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Streams streams =
        new Streams(nowhere, () -> false, nowhere, InputStream.nullInputStream(), Map.of(), null);
    Daxconv program = new Daxconv();
    CommandLine line = Commands.of(program, streams, "verify", "--verbose", "x");
    line.parseArgs("verify", "--verbose", "x");
    assertThat(program.isVerbose()).isTrue();
  }
}
