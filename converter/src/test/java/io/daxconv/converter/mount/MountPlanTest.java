package io.daxconv.converter.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MountPlanTest {
  private static final BaseTarget TARGET = new BaseTarget.Physical(0x1_0000_0000L, 1 << 20);
  private static final Path IMAGE = Path.of("/srv/x.daxfs");
  private static final Path ROOT = Path.of("/run/daxconv/x");

  @Test
  void numbersContainersFromOne() throws MountPlanException {
    MountPlan plan = MountPlan.of("x", IMAGE, 4096, 4096, TARGET, ROOT, 3);
    assertThat(plan.base()).isEqualTo(Path.of("/run/daxconv/x/base"));
    assertThat(plan.overlays()).extracting(Overlay::name).containsExactly("c1", "c2", "c3");
    assertThat(plan.overlays().getLast())
        .isEqualTo(
            new Overlay(
                "c3",
                Path.of("/run/daxconv/x/base"),
                new Overlay.Writes(
                    Path.of("/run/daxconv/x/c3/upper"), Path.of("/run/daxconv/x/c3/work"), null),
                Path.of("/run/daxconv/x/c3/merged")));
  }

  @Test
  void makesPathsAbsolute() throws MountPlanException {
    MountPlan plan = MountPlan.of("x", Path.of("x.daxfs"), 1, 4096, TARGET, Path.of("r"), 1);
    assertThat(plan.image()).isAbsolute();
    assertThat(plan.root()).isAbsolute();
  }

  @ParameterizedTest
  @CsvSource({
    "x.daxfs, x",
    "/a/b/debian-12.daxfs, debian-12",
    "a b:c.img, a-b-c.img",
    "..daxfs, image",
    ".hidden.daxfs, hidden",
    "é.daxfs, -",
    "/, image"
  })
  void namesPlansByTheirImages(Path image, String name) {
    assertThat(MountPlan.nameOf(image)).isEqualTo(name.equals("-") ? "image" : name);
  }

  @Test
  void refusesATargetWithoutRoom() {
    assertThatThrownBy(() -> MountPlan.of("x", IMAGE, (1 << 20) + 1, 4096, TARGET, ROOT, 1))
        .isInstanceOf(MountPlanException.class)
        .hasMessage(
            "base target phys:0x100000000:1048576: expected room for the image's 1048577 bytes,"
                + " found 1048576");
  }

  @Test
  void refusesAnAddressInsideABlock() {
    BaseTarget target = new BaseTarget.Physical(0x1_0000_1000L, 1 << 20);
    assertThatThrownBy(() -> MountPlan.of("x", IMAGE, 65536, 65536, target, ROOT, 1))
        .hasMessage(
            "base target phys:0x100001000:1048576: expected an address at a multiple of the"
                + " image's block size 65536");
  }

  @Test
  void refusesOtherNamesAndNumbers() {
    assertThatThrownBy(() -> MountPlan.of("x,rw", IMAGE, 1, 4096, TARGET, ROOT, 1))
        .hasMessageStartingWith("name: expected letters")
        .hasMessageEndingWith("found \"x,rw\"");
    assertThatThrownBy(() -> MountPlan.of("x", IMAGE, 1, 4096, TARGET, ROOT, 0))
        .hasMessage("containers: expected 1 to 10000, found 0");
    assertThatThrownBy(() -> MountPlan.of("x", IMAGE, 1, 4096, TARGET, Path.of("/"), 1))
        .hasMessage("root directory: expected one of the plan's own, found \"/\"");
    assertThatThrownBy(() -> MountPlan.of("x", Path.of("/\ufffd"), 1, 4096, TARGET, ROOT, 1))
        .hasMessage("image: expected a path in UTF-8, found \"/%EF%BF%BD\"");
  }

  @Test
  void warnsOfFileCapabilitiesOnlyOverDaxfs() throws MountPlanException {
    MountPlan daxfs = MountPlan.of("x", IMAGE, 4096, 4096, TARGET, ROOT, 1);
    assertThat(daxfs.withFileCapabilities(0).warnings()).isEmpty();
    assertThat(daxfs.withFileCapabilities(2).warnings())
        .containsExactly(
            "2 files of the image have file capabilities, which DAXFS does not hold: they run"
                + " without; the EROFS view has them");
    assertThat(MountFormat.SHELL.render(daxfs.withFileCapabilities(1)))
        .contains("\n# Warning: 1 file of the image has file capabilities");
    MountPlan erofs = MountPlan.of("x", IMAGE, 4096, 4096, new BaseTarget.ImageFile(), ROOT, 1);
    assertThat(erofs.withFileCapabilities(2).warnings()).isEmpty();
  }

  @Test
  void oneOfSeveralImagesHasANameOfItsOwn() throws MountPlanException {
    assertThat(MountPlan.nameOf(Path.of("/srv/pool.daxfs"), "web")).isEqualTo("pool-web");
    assertThat(MountPlan.nameOf(Path.of("x".repeat(70)), "web")).isEqualTo("x".repeat(60) + "-web");
    assertThat(MountPlan.nameOf(Path.of("pool"), "w".repeat(64))).isEqualTo("w".repeat(64));

    MountPlan plan = MountPlan.of("x", IMAGE, 4096, 4096, TARGET, ROOT, 2);
    assertThat(plan.withPackedImage(null)).isSameAs(plan);
    assertThat(plan.withPackedImage("web").overlays())
        .extracting(Overlay::lower)
        .containsOnly(ROOT.resolve("base/web"));
    for (String name : new String[] {"..", "a/b", "", "a,b"}) {
      assertThatThrownBy(() -> plan.withPackedImage(name))
          .isInstanceOf(MountPlanException.class)
          .hasMessageStartingWith("packed image: expected a name of letters");
    }
  }
}
