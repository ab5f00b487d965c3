package io.daxconv.converter.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines of {@code /proc/self/mountinfo}. */
final class MountTableTest {
  @Test
  void readsWhatTheKernelEscapes() throws IOException {
    MountTable table =
        parse(
            """
            36 35 98:0 /mnt1 /a\\040b\\134c\\012d rw,noatime shared:1 master:2 - erofs /x\\011y ro,user_xattr
            37 36 0:5 / /caf\u00e9 ro - overlay h/c1 rw
            """);
    assertThat(table.entries())
        .containsExactly(
            new MountTable.Entry(
                36, "98:0", "/mnt1", "/a b\\c\nd", "erofs", "/x\ty", "ro,user_xattr"),
            new MountTable.Entry(37, "0:5", "/", "/caf\u00e9", "overlay", "h/c1", "rw"));
  }

  @Test
  void findsWhatIsBelowADirectory() throws IOException {
    MountTable table =
        parse(
            """
            1 0 0:1 / / rw - ext4 /dev/vda rw
            2 1 0:2 / /run/x rw - tmpfs t rw
            3 2 0:3 / /run/x/y rw - tmpfs t rw
            4 1 0:4 / /run/xy rw - tmpfs t rw
            """);
    assertThat(numbers(table.from(Path.of("/run/x")))).containsExactly(2L, 3L);
    assertThat(numbers(table.from(Path.of("/")))).containsExactly(1L, 2L, 3L, 4L);
    assertThat(table.from(Path.of("/run/z"))).isEmpty();
  }

  @Test
  void refusesOtherLines() {
    assertThatThrownBy(() -> parse("36 35 98:0 / /mnt rw\n"))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("mountinfo: expected 6 fields");
  }

  private static List<Long> numbers(List<MountTable.Entry> entries) {
    return entries.stream().map(MountTable.Entry::number).toList();
  }

  private static MountTable parse(String text) throws IOException {
    return MountTable.parse(text.getBytes(StandardCharsets.UTF_8));
  }
}
