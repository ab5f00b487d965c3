package io.daxconv.converter.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** The annex as it is read from any image. */
class AnnexFuzzTest {
  @FuzzTest
  void annexes(byte[] input) {
    Bounded.run(() -> AnnexTarget.run(input));
  }
}
