package io.daxconv.converter.load;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.daxconv.converter.OutputFile;
import io.daxconv.converter.daxfs.Superblock;
import io.daxconv.converter.erofs.ErofsSuperblock;
import io.daxconv.converter.kernel.MountTable;
import io.daxconv.converter.linux.SystemCallException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes away what {@link Loader} has put somewhere. */
public final class Unloader {
  private final Host host;
  private final LoadTarget target;
  private final @Nullable Path mount;

  Unloader(Host host, LoadTarget target, @Nullable Path mount) {
    this.host = host;
    this.target = target;
    this.mount = mount;
  }

  /**
   * For a target of this machine.
   *
   * @param options the mount tells apart what was loaded into buffers of one heap
   */
  public static Unloader of(LoadTarget target, LoadOptions options) {
    return new Unloader(Host.here(options.state()), target, options.mount());
  }

  /**
   * Unmounts what loading mounted, and clears the memory's first block, so that nobody mounts what
   * is left. The file that was put on a tmpfs is deleted; one that has its name by now stays, and
   * so does any other target that is a file.
   *
   * @return what was done, a line each
   */
  public List<String> unload() throws IOException {
    if (target instanceof LoadTarget.DmaHeap && mount == null) {
      throw new LoadException(target, "expected --mount, which tells the buffers of a heap apart");
    }
    List<String> done = new ArrayList<>();
    try (LoadState state = LoadState.lock(host, target, MemoryLoads.also(target, mount))) {
      LoadRecord record = state.read();
      if (record != null && record.mount() != null && mayBeMounted(record)) {
        unmount(record, record.mount(), done);
      }
      switch (target) {
        case LoadTarget.DmaHeap _ -> requireRecord(record);
        case LoadTarget.Tmpfs tmpfs -> {
          delete(requireRecord(record), done);
          OutputFile.removeAbandoned(tmpfs.directory());
        }
        case LoadTarget.PlainFile plain -> {
          requireRecord(record);
          OutputFile.removeAbandoned(plain.file().resolveSibling("."));
        }
        case LoadTarget.LazyCma cma -> clearAllocated(cma, requireRecord(record), done);
        default -> clear(Place.of(target, host), record != null, done);
      }
      state.delete();
    }
    return done;
  }

  /**
   * Takes away what a load of a file has left that was killed, so that another does not mount over
   * it, or leave its file where nobody notes it.
   */
  void takeAwayUnfinished(LoadState state) throws IOException {
    LoadRecord left = state.read();
    if (left == null) {
      return;
    }
    List<String> done = new ArrayList<>();
    if (left.mount() != null && mayBeMounted(left)) {
      MountTable.Entry found = Mounts.of(host).on(left.mount()).orElse(null);
      if (found != null && isOurs(left, found)) {
        unmount(left, left.mount(), done);
      }
    }
    if (target instanceof LoadTarget.Tmpfs) {
      delete(left, done);
    }
  }

  private LoadRecord requireRecord(@Nullable LoadRecord record) throws LoadException {
    if (record == null) {
      throw new LoadException(
          target, "expected something that daxconv has loaded, found no record in " + host.state());
    }
    return record;
  }

  private void unmount(LoadRecord record, String directory, List<String> done) throws IOException {
    MountTable.Entry found = Mounts.of(host).on(directory).orElse(null);
    if (found == null) {
      return;
    }
    if (!isOurs(record, found)) {
      throw new LoadException(
          target,
          "expected what daxconv mounted on "
              + directory
              + ", found "
              + found.type()
              + " of another source");
    }
    try {
      host.kernel().unmount(Path.of(directory));
    } catch (SystemCallException e) {
      throw new LoadException(
          target, "expected to unmount " + directory + ", found " + e.meaning(), e);
    }
    done.add("unmounted " + directory);
  }

  /** Not a file that has not got its name: if one of that name is mounted, it is an older one. */
  private static boolean mayBeMounted(LoadRecord record) throws IOException {
    return record.file() == null || record.state() == LoadRecord.State.LOADED || record.holdsFile();
  }

  /** Whether a mount shows this target. */
  private boolean isOurs(LoadRecord record, MountTable.Entry found) throws IOException {
    return switch (target) {
      case LoadTarget.Pmem pmem ->
          found
              .device()
              .equals(
                  Host.text(host.sys().resolve("class/block").resolve(pmem.name()).resolve("dev")));
      case LoadTarget.DeviceDax _, LoadTarget.Physical _ -> {
        PhysicalRange range = Place.of(target, host).range();
        yield range != null && Mounts.range(found).filter(range::holds).isPresent();
      }
      case LoadTarget.LazyCma _ ->
          Mounts.range(found).filter(range -> range.address() == record.address()).isPresent();
      case LoadTarget.DmaHeap _ -> found.type().equals("daxfs");
      case LoadTarget.Tmpfs _, LoadTarget.PlainFile _ ->
          found.type().equals("erofs") && isOfFile(found, record.file());
    };
  }

  /** The file itself is the source, or a loop device that has it as backing file. */
  private boolean isOfFile(MountTable.Entry found, @Nullable String file) throws IOException {
    if (file == null || found.source().equals(file)) {
      return file != null;
    }
    Path loop = Path.of(found.source()).getFileName();
    return loop != null
        && Host.text(host.sys().resolve("class/block").resolve(loop).resolve("loop/backing_file"))
            .equals(file);
  }

  private void clear(Place place, boolean recorded, List<String> done) throws IOException {
    place.check(TargetChannel.HEAD);
    ByteBuffer head = ByteBuffer.allocateDirect(TargetChannel.HEAD);
    try (place) {
      TargetMemory memory = place.open(TargetChannel.HEAD);
      memory.read(head, 0);
      if (!recorded && !holdsImage(MemorySegment.ofBuffer(head.flip()))) {
        throw new LoadException(target, "expected an image, found no superblock of DAXFS or EROFS");
      }
      memory.write(ByteBuffer.allocateDirect(TargetChannel.HEAD), 0);
      memory.sync();
    }
    done.add("cleared the superblocks in " + target);
  }

  private static boolean holdsImage(MemorySegment head) {
    return Superblock.read(head, 0).magic() == Superblock.MAGIC
        || ErofsSuperblock.read(head).magic() == ErofsSuperblock.MAGIC;
  }

  private void clearAllocated(LoadTarget.LazyCma cma, LoadRecord record, List<String> done)
      throws IOException {
    PhysicalRange head = new PhysicalRange(record.address(), TargetChannel.HEAD);
    Mounts.of(host).refuseRange(cma, head);
    try (Device memory = Device.open(target, host.kernel(), PhysicalPlace.MEMORY, 0);
        TargetMemory mapped =
            PhysicalPlace.map(target, host, memory, head.address(), head.size())) {
      mapped.write(ByteBuffer.allocateDirect(TargetChannel.HEAD), 0);
      mapped.sync();
    }
    done.add(
        "cleared the superblocks at "
            + head.addressText()
            + "; the memory stays allocated until the next boot, for lazy_cma takes none back");
  }

  private void delete(LoadRecord record, List<String> done) throws IOException {
    if (record.file() == null || !Files.exists(Path.of(record.file()), NOFOLLOW_LINKS)) {
      return;
    }
    if (record.holdsFile()) {
      Files.delete(Path.of(record.file()));
      done.add("deleted " + record.file());
    } else {
      done.add("kept " + record.file() + ", which is not the file that daxconv put there");
    }
  }
}
