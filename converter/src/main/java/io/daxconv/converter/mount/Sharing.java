package io.daxconv.converter.mount;

/**
 * What containers share under a plan.
 *
 * @param text one sentence of printable ASCII, for people
 * @param read whether all read the same memory
 * @param mapped whether all map, and so execute, the same memory
 */
public record Sharing(String text, boolean read, boolean mapped) {
  static Sharing of(BaseTarget target) {
    return switch (target) {
      case BaseTarget.Physical _, BaseTarget.DeviceDax _, BaseTarget.DmaBuf _ ->
          new Sharing(
              "DAXFS: containers read the image's own memory, without page cache; what they map,"
                  + " programs too, is copied for each mapping",
              true,
              false);
      case BaseTarget.ImageFile _ ->
          new Sharing(
              "EROFS from a file: containers read, map and execute one copy in this kernel's page"
                  + " cache",
              true,
              true);
      case BaseTarget.Pmem _ ->
          new Sharing(
              "EROFS with DAX: containers read, map and execute the device's own memory, without"
                  + " page cache; so do all kernels that have the same memory as a device",
              true,
              true);
    };
  }
}
