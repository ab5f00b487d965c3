package io.daxconv.converter.mount.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.daxconv.converter.mount.MountPlanException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageUserTest {
  private static final String PASSWD =
      """
      root:x:0:0:root:/root:/bin/sh
      # a remark
      web:x:33:34::/var/www:/bin/false
      broken:x:a:b
      web:x:99:99::/:
      1000:x:7:8::/:
      """;

  private static final String GROUP =
      """
      root:x:0:root
      www:x:34:web
      ssl:x:110:root,web
      video:x:44:web,other
      short:x:50
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          root       | 0    | 0    | 110
          0          | 0    | 0    | 110
          web        | 33   | 34   | 44 110
          33         | 33   | 34   | 44 110
          web:ssl    | 33   | 110  | -
          web:5      | 33   | 5    | -
          33:video   | 33   | 44   | -
          4294967294 | 4294967294 | 0 | -
          12:13      | 12   | 13   | -
          :short     | 0    | 50   | -
          1000       | 7    | 8    | -
          """)
  void looksUpUsers(String user, long uid, long gid, @Nullable String additional) throws Exception {
    List<Long> expected =
        additional == null
            ? List.of()
            : Arrays.stream(additional.split(" ", -1)).map(Long::valueOf).toList();
    assertThat(ImageUser.of(user, PASSWD, GROUP)).isEqualTo(new ImageUser(uid, gid, expected));
  }

  @Test
  void takesNumbersWithoutFiles() throws MountPlanException {
    assertThat(ImageUser.of("", PASSWD, GROUP)).isEqualTo(new ImageUser(0, 0, List.of(110L)));
    assertThat(ImageUser.of("", null, null)).isEqualTo(new ImageUser(0, 0, List.of()));
    assertThat(ImageUser.of("5:6", null, null)).isEqualTo(new ImageUser(5, 6, List.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "broken", "web:nobody", "-1", "4294967295", "1:2:3", "a\nb"})
  void refusesWhatIsNotThere(String user) {
    assertThatThrownBy(() -> ImageUser.of(user, PASSWD, GROUP))
        .isInstanceOf(MountPlanException.class)
        .hasMessageMatching(
            "image config: (user|group): expected a number up to 4294967294 or a name in the"
                + " image's /etc/(passwd|group), found \"[^\n]*\"");
  }
}
