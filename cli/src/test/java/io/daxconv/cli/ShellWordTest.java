package io.daxconv.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTest {
  @Test
  void staysPlainWhereNoShellWouldTouchIt() {
    assertThat(ShellWord.quote("/srv/a-b_c=1.daxfs")).isEqualTo("/srv/a-b_c=1.daxfs");
  }

  @Test
  void quotesWhatAShellWouldTake() {
    assertThat(ShellWord.quote("it's $HOME")).isEqualTo("'it'\\''s $HOME'");
    assertThat(ShellWord.quote("")).isEqualTo("''");
    assertThat(ShellWord.quote("=ls")).isEqualTo("'=ls'");
    assertThat(ShellWord.quote("~x")).isEqualTo("'~x'");
  }

  @Test
  void keepsLettersOfAllScripts() {
    assertThat(ShellWord.quote("größe-大.daxfs")).isEqualTo("'größe-大.daxfs'");
  }

  @Test
  void escapesWhatATerminalWouldObeyOrHide() {
    assertThat(ShellWord.quote("a\nb\u001b[2J")).isEqualTo("$'a\\012b\\033[2J'");
    assertThat(ShellWord.quote("x\u202ey\u200b")).isEqualTo("$'x\\342\\200\\256y\\342\\200\\213'");
    assertThat(ShellWord.quote("\u3164")).isEqualTo("$'\\343\\205\\244'");
    assertThat(ShellWord.quote("é'\\!\t")).isEqualTo("$'é\\047\\134\\041\\011'");
  }

  @Test
  void givesAFileADirectoryWhereItsNameLooksLikeAnOption() {
    assertThat(ShellWord.file("-o")).isEqualTo("./-o");
    assertThat(ShellWord.file("- x")).isEqualTo("'./- x'");
    assertThat(ShellWord.file("a-b")).isEqualTo("a-b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "it's", "größe 大", "a\nb\u001b'\\!\u202e", "", "=x", "-n"})
  void isReadAlikeByBashAndShownUnchanged(String text) throws Exception {
    String word = ShellWord.quote(text);

    assertThat(ErrorLine.ofUser(word)).isEqualTo(word);
    Process bash =
        new ProcessBuilder("bash", "-c", "printf '<%s>' " + word).redirectErrorStream(true).start();
    assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isEqualTo("<" + text + ">");
  }
}
