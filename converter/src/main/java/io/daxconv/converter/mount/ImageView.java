package io.daxconv.converter.mount;

/** The filesystems that one image is, either of which can be a plan's base. */
public enum ImageView {
  /** From memory, by kernels that have the DAXFS module. */
  DAXFS("daxfs"),
  /** From the file or a pmem device, by every Linux. */
  EROFS("erofs");

  private final String filesystem;

  ImageView(String filesystem) {
    this.filesystem = filesystem;
  }

  /** The filesystem type, as mount(2) and {@code /proc/filesystems} have it. */
  public String filesystem() {
    return filesystem;
  }
}
