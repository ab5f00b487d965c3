package io.daxconv.converter.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OverlayTest {
  private static final Overlay ODD = Overlay.of(Path.of("/a:b,c\\d e\"f"), 2);

  @Test
  void escapesWhatOverlayfsReads() {
    assertThat(ODD.data(List.of("xino=on")))
        .isEqualTo(
            "lowerdir=/a\\:b\\,c\\\\d e\"f/base"
                + ",upperdir=/a:b\\,c\\\\d e\"f/c2/upper"
                + ",workdir=/a:b\\,c\\\\d e\"f/c2/work"
                + ",xino=on");
  }

  @Test
  void needsNoEscapesFromTheRoot() {
    assertThat(ODD.relativeData(List.of("redirect_dir=on", "xino=on")))
        .isEqualTo("lowerdir=base,upperdir=c2/upper,workdir=c2/work,redirect_dir=on,xino=on");
    assertThat(ODD.relativeData(List.of()))
        .isEqualTo("lowerdir=base,upperdir=c2/upper,workdir=c2/work");
  }
}
