package io.daxconv.converter.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OverlayTest {
  @Test
  void escapesWhatOverlayfsReads() {
    Path odd = Path.of("/a:b,c\\d e\"f");
    Overlay.Writes writes =
        new Overlay.Writes(odd.resolve("c2/upper"), odd.resolve("c2/work"), null);
    assertThat(Overlay.data(odd.resolve("base"), writes, "xino=on"))
        .isEqualTo(
            "lowerdir=/a\\:b\\,c\\\\d e\"f/base"
                + ",upperdir=/a:b\\,c\\\\d e\"f/c2/upper"
                + ",workdir=/a:b\\,c\\\\d e\"f/c2/work"
                + ",xino=on");
  }

  @Test
  void needsNoEscapesFromTheRoot() throws MountPlanException {
    assertThat(relative(new Upper.Directory(Path.of("/run/a:b"))))
        .isEqualTo("lowerdir=base,upperdir=c2/upper,workdir=c2/work,redirect_dir=on,xino=on");
    assertThat(relative(new Upper.Directory(Path.of("/srv/a:b"))))
        .isEqualTo(
            "lowerdir=base,upperdir=uppers/c2/upper,workdir=uppers/c2/work"
                + ",redirect_dir=on,xino=on");
    assertThat(relative(Upper.parse("tmpfs:1k")))
        .isEqualTo(
            "lowerdir=base,upperdir=c2/tmpfs/upper,workdir=c2/tmpfs/work,redirect_dir=on,xino=on");
  }

  private static String relative(Upper upper) throws MountPlanException {
    MountPlan plan =
        MountPlan.of(
            "x",
            Path.of("/x"),
            4096,
            4096,
            BaseChoice.asked(new BaseTarget.ImageFile()),
            PlanDirectories.below(Path.of("/run/a:b")),
            OverlayOptions.standard(upper),
            List.of("c1", "c2"));
    return MountSteps.relativeData(plan, plan.overlays().getLast());
  }
}
