package io.daxconv.converter.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.annex.Annex;
import io.daxconv.converter.annex.AnnexJson;
import java.lang.foreign.MemorySegment;

/**
 * An annex of any bytes is refused in one line, or read; what is read can be written and read
 * again.
 */
final class AnnexTarget {
  private AnnexTarget() {}

  static void run(byte[] json) throws CorruptImageException {
    Annex annex;
    try {
      annex = AnnexJson.read("annex", MemorySegment.ofArray(json));
    } catch (CorruptImageException e) {
      assertThat(e.getMessage()).startsWith("annex").matches("[ -~…]+");
      return;
    }
    byte[] written = AnnexJson.toBytes(annex);
    Annex again = AnnexJson.read("annex", MemorySegment.ofArray(written));
    assertThat(AnnexJson.toBytes(again)).isEqualTo(written);
  }
}
