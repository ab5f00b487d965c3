package io.daxconv.converter.browse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "*,,true",
    "*,.hidden,true",
    "a*c,abc,true",
    "a*c,abcd,false",
    "a*b*c,axbxbxc,true",
    "?,é,true",
    "??,é,false",
    "[a-c]x,bx,true",
    "[a-c]x,dx,false",
    "[!a-c]x,dx,true",
    "[^a-c]x,bx,false",
    "[]x],],true",
    "[x,[x,true",
    "a\\*,a*,true",
    "a\\*,ab,false",
    "*/data/*,/x/data/y/z,true",
    "README,readme,false",
  })
  void matchesAsFnmatchDoes(String pattern, String name, boolean matches) {
    byte[] bytes = name == null ? new byte[0] : name.getBytes(UTF_8);
    assertThat(new Glob(pattern.getBytes(UTF_8), false).matches(bytes)).isEqualTo(matches);
  }

  @Test
  void ignoresCaseWhereAsked() {
    assertThat(new Glob("R[a-f]AD*".getBytes(UTF_8), true).matches("readÄ".getBytes(UTF_8)))
        .isTrue();
  }

  @Test
  void takesBytesThatAreNoTextOneByOne() {
    byte[] latin = {'c', 'a', 'f', (byte) 0xe9};
    assertThat(new Glob("caf?".getBytes(UTF_8), false).matches(latin)).isTrue();
    assertThat(new Glob(latin, false).matches(latin)).isTrue();
    assertThat(new Glob("café".getBytes(UTF_8), false).matches(latin)).isFalse();
  }

  @Test
  @Timeout(20)
  void takesNoExponentialTime() {
    byte[] name = "a".repeat(255).getBytes(UTF_8);
    assertThat(new Glob(("*a".repeat(100) + "b").getBytes(UTF_8), false).matches(name)).isFalse();
  }
}
