package io.daxconv.converter.mount;

import static io.daxconv.converter.mount.ImageView.DAXFS;
import static io.daxconv.converter.mount.ImageView.EROFS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class BaseChoiceTest {
  private static final KernelFilesystems WITHOUT = new KernelFilesystems(Set.of("erofs", "ext4"));
  private static final KernelFilesystems WITH = new KernelFilesystems(Set.of("erofs", "daxfs"));
  private static final BaseTarget MEMORY = new BaseTarget.DeviceDax("dax0.0");
  private static final BaseTarget PMEM = new BaseTarget.Pmem("/dev/pmem0");
  private static final BaseTarget FILE = new BaseTarget.ImageFile();
  private static final BaseTarget DMA_BUF = new BaseTarget.DmaBuf("system");

  @Test
  void takesDaxfsWhereTheKernelHasItAndMemoryIsGiven() throws MountPlanException {
    assertThat(BaseChoice.of(null, MEMORY, true, WITH))
        .isEqualTo(new BaseChoice(MEMORY, "the kernel has DAXFS, and a target in memory is given"));
  }

  @Test
  void takesErofsFromTheFileOtherwise() throws MountPlanException {
    assertThat(BaseChoice.of(null, null, true, WITH))
        .isEqualTo(new BaseChoice(FILE, "no target in memory is given"));
    assertThat(BaseChoice.of(null, null, true, WITHOUT).target()).isEqualTo(FILE);
    assertThat(BaseChoice.of(null, MEMORY, true, WITHOUT))
        .isEqualTo(
            new BaseChoice(
                FILE, "the kernel has no DAXFS, without which device-dax:dax0.0 is of no use"));
  }

  @Test
  void takesATargetThatIsForErofs() throws MountPlanException {
    assertThat(BaseChoice.of(null, PMEM, true, WITH).target()).isEqualTo(PMEM);
    assertThat(BaseChoice.of(null, FILE, true, WITH).target()).isEqualTo(FILE);
  }

  @Test
  void takesDaxfsOfAnImageThatIsNothingElse() throws MountPlanException {
    String reason = "the image has no EROFS view";
    assertThat(BaseChoice.of(null, null, false, WITHOUT))
        .isEqualTo(new BaseChoice(DMA_BUF, reason));
    assertThat(BaseChoice.of(null, MEMORY, false, WITHOUT))
        .isEqualTo(new BaseChoice(MEMORY, reason));
  }

  @Test
  void doesWhatIsInsistedOn() throws MountPlanException {
    assertThat(BaseChoice.of(DAXFS, null, true, WITHOUT)).isEqualTo(BaseChoice.asked(DMA_BUF));
    assertThat(BaseChoice.of(DAXFS, MEMORY, true, WITHOUT)).isEqualTo(BaseChoice.asked(MEMORY));
    assertThat(BaseChoice.of(EROFS, null, true, WITH)).isEqualTo(BaseChoice.asked(FILE));
    assertThat(BaseChoice.of(EROFS, PMEM, true, WITH)).isEqualTo(BaseChoice.asked(PMEM));
  }

  @Test
  void refusesWhatDoesNotGoTogether() {
    assertThatThrownBy(() -> BaseChoice.of(EROFS, MEMORY, true, WITH))
        .isInstanceOf(MountPlanException.class)
        .hasMessage(
            "base target device-dax:dax0.0: expected one for the EROFS view, found one for DAXFS");
    assertThatThrownBy(() -> BaseChoice.of(DAXFS, PMEM, true, WITH))
        .hasMessage(
            "base target pmem:/dev/pmem0: expected one for the DAXFS view, found one for EROFS");
  }

  @Test
  void refusesErofsOfAnImageWithoutIt() {
    assertThatThrownBy(() -> BaseChoice.of(EROFS, null, false, WITH))
        .isInstanceOf(MountPlanException.class)
        .hasMessage(
            "base target file: expected an image with an EROFS view, found none; convert it again"
                + " without --no-erofs");
    assertThatThrownBy(() -> BaseChoice.of(null, PMEM, false, WITH))
        .hasMessageStartingWith(
            "base target pmem:/dev/pmem0: expected an image with an EROFS view");
  }
}
