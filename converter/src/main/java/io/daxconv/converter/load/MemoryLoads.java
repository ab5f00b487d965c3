package io.daxconv.converter.load;

import io.daxconv.converter.linux.NewMount;
import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What loading into memory and unloading have in common. */
final class MemoryLoads {
  private MemoryLoads() {}

  /** What tells apart the records of targets that each load allocates anew. */
  static String also(LoadTarget target, @Nullable Path mount) {
    return target instanceof LoadTarget.DmaHeap && mount != null ? mount.toString() : "";
  }

  /** Refuses a target that this boot has something loaded in. */
  static void refuseLoaded(LoadState state, LoadTarget target) throws IOException {
    LoadRecord found = state.read();
    if (found != null && found.state() == LoadRecord.State.LOADED) {
      throw new LoadException(
          target,
          "expected a target that is not in use, found "
              + found.image()
              + " loaded there; daxconv unload takes it away");
    }
  }

  /** Leaves no superblock in a place that is not open. */
  static void clear(Place place) throws IOException {
    TargetMemory memory = place.open(TargetChannel.HEAD);
    memory.write(ByteBuffer.allocateDirect(TargetChannel.HEAD), 0);
    memory.sync();
    place.close();
  }

  /** Refuses what mounting would fail on later. */
  static void checkMount(
      LoadTarget target, Host host, String filesystem, Path directory, @Nullable ImageFacts image)
      throws IOException {
    String missing =
        image == null ? Filesystems.missing(host, filesystem) : image.obstacle(host, filesystem);
    if (!missing.isEmpty()) {
      throw new LoadException(target, "--mount: expected " + missing);
    }
    if (!Files.isDirectory(directory)) {
      throw new LoadException(target, "--mount: expected a directory, found none at " + directory);
    }
  }

  static LoadResult result(
      Place place, long size, NewMount how, @Nullable Digest digest, @Nullable Path mounted)
      throws IOException {
    PhysicalRange range = place.range();
    return new LoadResult(
        place.target(),
        device(place.target()),
        size,
        place.capacity(),
        digest,
        range == null ? null : new PhysicalRange(range.address(), size),
        command(how),
        kernelCommandLine(how),
        mounted,
        List.of());
  }

  /** The device that gives access to a target, or the file that it is. */
  static Path device(LoadTarget target) {
    return switch (target) {
      case LoadTarget.DeviceDax dax -> dax.device();
      case LoadTarget.Pmem pmem -> pmem.device();
      case LoadTarget.DmaHeap heap -> heap.heap();
      case LoadTarget.LazyCma cma -> cma.device();
      case LoadTarget.Physical _ -> PhysicalPlace.MEMORY;
      case LoadTarget.Tmpfs tmpfs -> tmpfs.directory();
      case LoadTarget.PlainFile file -> file.file();
    };
  }

  /** Null where a descriptor has to be handed over, which no command can. */
  static @Nullable String command(NewMount how) {
    if (hasDescriptor(how)) {
      return null;
    }
    return "mount -t "
        + how.type()
        + " -o "
        + Stream.concat(Stream.of("ro"), how.settings().stream().map(NewMount.Setting::option))
            .collect(Collectors.joining(","))
        + " "
        + how.source();
  }

  /** What a kernel is told to have the image as its root (admin-guide/kernel-parameters). */
  static @Nullable String kernelCommandLine(NewMount how) {
    if (hasDescriptor(how)) {
      return null;
    }
    List<String> words = new ArrayList<>();
    if (how.source().startsWith("/")) {
      words.add("root=" + how.source());
    }
    words.add("rootfstype=" + how.type());
    words.add(
        "rootflags="
            + how.settings().stream()
                .map(NewMount.Setting::option)
                .collect(Collectors.joining(",")));
    words.add("ro");
    if (how.type().equals(DaxfsMount.TYPE)) {
      // A multikernel guest has no initramfs that would look for it.
      words.add("init=/init");
    }
    return String.join(" ", words);
  }

  private static boolean hasDescriptor(NewMount how) {
    return how.settings().stream().anyMatch(setting -> setting.fd() >= 0);
  }
}
