package io.daxconv.converter.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Text that tests expect, in files beside the tests: {@code src/test/resources}, in the test's
 * package. {@code mvn verify -Ddaxconv.golden=update} writes them anew, for a look at the diff.
 */
public final class Golden {
  private static final String UPDATE = "update";

  private Golden() {}

  /** Fails unless the text is what the file holds. */
  public static void assertGolden(Class<?> test, String file, String text) throws IOException {
    Path golden =
        Path.of(System.getProperty("basedir", ""), "src/test/resources")
            .resolve(test.getPackageName().replace('.', '/'))
            .resolve(file);
    if (System.getProperty("daxconv.golden", "").equals(UPDATE)) {
      Files.createDirectories(golden.resolveSibling("."));
      Files.writeString(golden, text);
    }
    assertThat(text).as("%s", golden).isEqualTo(Files.readString(golden));
  }
}
