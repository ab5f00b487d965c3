package io.daxconv.converter.load;

import io.daxconv.converter.linux.Kernel;
import io.daxconv.converter.linux.NewMount;
import io.daxconv.converter.linux.NewMount.Setting;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pmem block device. What its driver keeps for itself is not part of it: neither a namespace's
 * info block nor {@link RamdaxLabels}, so that nothing is ever written to either.
 *
 * <p>Bytes are written through the block device's page cache, synced and dropped from it: DAX reads
 * the memory itself.
 */
final class PmemPlace extends DevicePlace<LoadTarget.Pmem> {
  private static final int SECTOR = 512;

  /** {@code BLKFLSBUF}, {@code _IO(0x12, 97)} (linux/fs.h): write and forget what is cached. */
  private static final long FLUSH_BUFFERS = 0x1261;

  private final Path about;

  PmemPlace(LoadTarget.Pmem target, Host host) {
    super(target, host);
    this.about = host.sys().resolve("class/block").resolve(target.name());
  }

  @Override
  public void check(long size) throws IOException {
    Place.requireRoom(target, size, capacity());
    if (Host.number(about.resolve("ro")) == 1) {
      throw new LoadException(
          target, "expected a device that can be written, found a read-only one");
    }
    if (Host.number(about.resolve("queue/dax")) != 1) {
      throw new LoadException(
          target,
          "expected a device with DAX, found one without ("
              + about.resolve("queue/dax")
              + "); ndctl create-namespace -m fsdax makes one");
    }
    Mounts.of(host).refuseDevice(target, Host.text(about.resolve("dev")));
    List<String> holders = holders();
    if (!holders.isEmpty()) {
      throw new LoadException(
          target,
          "expected memory that is not in use, found it held by " + String.join(", ", holders));
    }
    Device.open(target, host.kernel(), target.device(), Kernel.O_EXCL).close();
  }

  private List<String> holders() throws IOException {
    List<String> holders = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(about.resolve("holders"))) {
      entries.forEach(entry -> holders.add(entry.getFileName().toString()));
    } catch (NoSuchFileException none) {
      return List.of();
    }
    return holders;
  }

  @Override
  public long capacity() throws IOException {
    long sectors = Host.number(about.resolve("size"));
    if (sectors < 0) {
      throw new LoadException(
          target,
          "expected a persistent-memory device, found nothing in "
              + about
              + "; the modules nd_pmem, and nd_e820, nfit, virtio_pmem or ramdax, make one");
    }
    return RamdaxLabels.inFront(about, sectors * SECTOR);
  }

  @Override
  public @Nullable PhysicalRange range() throws IOException {
    long address = Host.number(about.resolve("device/resource"));
    // The resource of a namespace with an info block begins with that block.
    return address > 0 && Host.text(about.resolve("device/mode")).equals("raw")
        ? new PhysicalRange(address, capacity())
        : null;
  }

  @Override
  public TargetMemory open(long size) throws IOException {
    Place.requireRoom(target, size, capacity());
    // Keeps mounts and others out that claim the device (open(2), O_EXCL of a block device).
    return opened(
        Device.open(target, host.kernel(), target.device(), Kernel.O_EXCL),
        device ->
            new ChannelMemory(
                FileChannel.open(
                    target.device(), StandardOpenOption.READ, StandardOpenOption.WRITE),
                size == UNKNOWN ? capacity() : size,
                () -> host.kernel().ioctl(device.fd(), FLUSH_BUFFERS, MemorySegment.NULL)));
  }

  @Override
  public String filesystem() {
    return "erofs";
  }

  @Override
  public NewMount mount(long size) {
    return new NewMount(
        filesystem(), target.device().toString(), List.of(Setting.text("dax", "always")));
  }

  @Override
  public void finish() throws IOException {
    close();
  }
}
