package io.daxconv.converter.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** gzip and zstd alone, each decoder against the others. */
class DecoderFuzzTest {
  @FuzzTest
  void decoders(byte[] input) {
    Bounded.run(() -> DecoderTarget.run(input));
  }
}
