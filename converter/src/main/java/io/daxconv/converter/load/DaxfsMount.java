package io.daxconv.converter.load;

import io.daxconv.converter.linux.NewMount;
import io.daxconv.converter.linux.NewMount.Setting;
import java.util.List;

/** How DAXFS is mounted: its options are {@code daxfs_fs_parameters} of the module. */
final class DaxfsMount {
  static final String TYPE = "daxfs";

  private DaxfsMount() {}

  static NewMount physical(PhysicalRange image) {
    return new NewMount(
        TYPE,
        "none",
        List.of(
            Setting.text("phys", image.addressText()),
            Setting.text("size", Long.toString(image.size())),
            Setting.flag("validate")));
  }

  /**
   * The classic mount call with the option {@code dmabuf=} crashes the kernel; a descriptor works.
   */
  static NewMount dmaBuf(int fd) {
    return new NewMount(
        TYPE, "none", List.of(Setting.descriptor("dmabuf", fd), Setting.flag("validate")));
  }
}
