package io.daxconv.converter.kernel;

import static io.daxconv.converter.format.Fields.offsetOf;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The kernel's structs, as the C compiler lays them out (linux/mount.h, loop.h, dma-heap.h). */
final class StructsTest {
  @Test
  void mountAttr() {
    assertThat(MountAttributes.LAYOUT.byteSize()).isEqualTo(32);
    assertThat(offsetOf(MountAttributes.LAYOUT, "attr_clr")).isEqualTo(8);
    assertThat(offsetOf(MountAttributes.LAYOUT, "propagation")).isEqualTo(16);
    assertThat(offsetOf(MountAttributes.LAYOUT, "userns_fd")).isEqualTo(24);
  }

  @Test
  void loopConfig() {
    assertThat(LoopDevice.LAYOUT.byteSize()).isEqualTo(304);
    assertThat(offsetOf(LoopDevice.LAYOUT, "lo_encrypt_key_size")).isEqualTo(56);
    assertThat(offsetOf(LoopDevice.LAYOUT, "lo_flags")).isEqualTo(60);
    assertThat(offsetOf(LoopDevice.LAYOUT, "lo_file_name")).isEqualTo(64);
  }

  @Test
  void statx() {
    assertThat(offsetOf(MountIdentity.LAYOUT, "stx_dev_major")).isEqualTo(136);
    assertThat(offsetOf(MountIdentity.LAYOUT, "stx_dev_minor")).isEqualTo(140);
    assertThat(offsetOf(MountIdentity.LAYOUT, "stx_mnt_id")).isEqualTo(144);
  }

  @Test
  void dmaHeapAllocation() {
    assertThat(DeviceMemory.ALLOCATION.byteSize()).isEqualTo(24);
    assertThat(offsetOf(DeviceMemory.ALLOCATION, "fd")).isEqualTo(8);
    assertThat(offsetOf(DeviceMemory.ALLOCATION, "fd_flags")).isEqualTo(12);
    assertThat(offsetOf(DeviceMemory.ALLOCATION, "heap_flags")).isEqualTo(16);
  }
}
