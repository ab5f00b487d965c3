package io.daxconv.converter.mount;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class KernelFilesystemsTest {
  @Test
  void readsProcFilesystems() {
    KernelFilesystems kernel =
        KernelFilesystems.parse("nodev\tsysfs\n\text4\nnodev\tdaxfs\n\tsquashfs\n");
    assertThat(kernel.names()).containsExactlyInAnyOrder("sysfs", "ext4", "daxfs", "squashfs");
    assertThat(kernel.have(ImageView.DAXFS)).isTrue();
    assertThat(kernel.have(ImageView.EROFS)).isFalse();
  }

  @Test
  void knowsNoneWhereNoneAreTold() {
    assertThat(KernelFilesystems.parse("")).isEqualTo(KernelFilesystems.NONE);
    assertThat(KernelFilesystems.parse("nodev\tnotdaxfs\n").have(ImageView.DAXFS)).isFalse();
  }
}
