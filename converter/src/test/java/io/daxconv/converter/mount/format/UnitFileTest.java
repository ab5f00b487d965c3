package io.daxconv.converter.mount.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.mount.MountPlanException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnitFileTest {
  /** As systemd-escape --path --suffix=mount prints them (systemd 252). */
  @ParameterizedTest
  @CsvSource({
    "/run/daxconv/x/base, run-daxconv-x-base.mount",
    "/srv/a-b, srv-a\\x2db.mount",
    "/.hidden/.x, \\x2ehidden-.x.mount",
    "//a//b c, a-b\\x20c.mount",
    "/caf\u00e9%$:_, caf\\xc3\\xa9\\x25\\x24:_.mount",
  })
  void namesMountUnits(String path, String unit) throws MountPlanException {
    assertThat(UnitFile.mountUnit(SpecFormat.SYSTEMD, path)).isEqualTo(unit);
  }

  @Test
  void refusesNamesThatAreTooLong() {
    assertThatThrownBy(() -> UnitFile.mountUnit(SpecFormat.SYSTEMD, "/" + "a".repeat(250)))
        .isInstanceOf(MountPlanException.class)
        .hasMessageContaining("at most 255 characters, found 256");
  }

  @Test
  void escapesValues() {
    assertThat(UnitFile.value("50% $HOME \"a\"")).isEqualTo("50%% $HOME \"a\"");
    assertThat(UnitFile.word("a \"b\" \\ %h\n\t\r\u0001"))
        .isEqualTo("\"a \\\"b\\\" \\\\ %%h\\n\\t\\r\\x01\"");
    assertThat(UnitFile.argument("$HOME ${x} %n")).isEqualTo("\"$$HOME $${x} %%n\"");
  }
}
