package io.daxconv.converter.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** DAXFS and EROFS as {@code verify} and {@code inspect} read them. */
class ImageFuzzTest {
  private final ImageTarget target;

  ImageFuzzTest() throws IOException {
    target = new ImageTarget();
  }

  @FuzzTest
  void daxfs(byte[] input) {
    Bounded.run(() -> target.daxfs(input));
  }

  @FuzzTest
  void erofs(byte[] input) {
    Bounded.run(() -> target.erofs(input));
  }
}
