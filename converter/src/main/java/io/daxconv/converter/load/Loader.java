package io.daxconv.converter.load;

import io.daxconv.converter.OutputFile;
import io.daxconv.converter.linux.NewMount;
import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts images where they are mounted from, and takes them away again. */
public final class Loader {
  private final Host host;
  private final LoadTarget target;
  private final LoadOptions options;

  Loader(Host host, LoadTarget target, LoadOptions options) {
    this.host = host;
    this.target = target;
    this.options = options;
  }

  /** For a target of this machine. */
  public static Loader of(LoadTarget target, LoadOptions options) {
    return new Loader(Host.here(options.state()), target, options);
  }

  /**
   * Finds out, changing nothing, whether an image can be loaded.
   *
   * @throws LoadException that says what is in its way
   */
  public LoadResult check(Path image) throws IOException {
    ImageFacts facts = ImageFacts.of(image);
    if (isFile()) {
      Path file = checkedFile(image, facts);
      return FileLoads.result(
          target,
          file,
          facts.size(),
          FileLoads.check(target, file, facts.size()),
          null,
          null,
          remarks(facts, "erofs"));
    }
    try (Place place = checked(facts.size(), facts)) {
      boolean allocated = place.capacity() == Long.MAX_VALUE;
      NewMount how = allocated ? null : place.mount(facts.size());
      PhysicalRange range = place.range();
      return new LoadResult(
          target,
          image,
          facts.size(),
          place.capacity(),
          null,
          range == null ? null : new PhysicalRange(range.address(), facts.size()),
          how == null ? null : MemoryLoads.command(how),
          how == null ? null : MemoryLoads.kernelCommandLine(how),
          null,
          remarks(facts, place.filesystem()));
    }
  }

  /**
   * Loads an image: checks, copies, compares, mounts.
   *
   * @throws LoadException that says what is in its way
   */
  public LoadResult load(Path image, LoadListener listener) throws IOException {
    ImageFacts facts = ImageFacts.of(image);
    if (isFile()) {
      return loadFile(image, facts, listener);
    }
    Place place = checked(facts.size(), facts);
    try (MemoryOutput output =
        MemoryOutput.begin(
            place, host, image.toAbsolutePath().toString(), facts.size(), options.mount())) {
      output.copy(image, facts.size(), listener);
      output.commit();
      return withRemarks(output.finish(image, listener), remarks(facts, place.filesystem()));
    }
  }

  /**
   * Memory for an image that is made in it.
   *
   * @param image what it is made of, for the record
   * @param size how many bytes to allocate where that has to be known; -1 otherwise
   */
  public MemoryOutput output(String image, long size) throws IOException {
    return MemoryOutput.begin(checked(size, null), host, image, size, options.mount());
  }

  /** Whether the target is a file, which an image is made in as in any other. */
  public boolean isFile() {
    return target instanceof LoadTarget.Tmpfs || target instanceof LoadTarget.PlainFile;
  }

  /**
   * The file of a target that is one.
   *
   * @param name what it is called where the target is a directory
   */
  public Path file(String name) throws IOException {
    Path file = FileLoads.file(target, name);
    FileLoads.check(target, file, 0);
    return file;
  }

  private Place checked(long size, @Nullable ImageFacts image) throws IOException {
    Place place = Place.of(target, host);
    if (target instanceof LoadTarget.DmaHeap && options.mount() == null) {
      throw new LoadException(
          target, "expected --mount: a dma-buf that is not mounted ends with daxconv");
    }
    if (options.mount() != null) {
      MemoryLoads.checkMount(target, host, place.filesystem(), options.mount(), image);
    }
    place.check(size);
    return place;
  }

  private Path checkedFile(Path image, ImageFacts facts) throws IOException {
    if (options.mount() != null) {
      MemoryLoads.checkMount(target, host, "erofs", options.mount(), facts);
    }
    Path name = image.getFileName();
    Path file = FileLoads.file(target, name == null ? "image" : name.toString());
    FileLoads.check(target, file, facts.size());
    return file;
  }

  private LoadResult loadFile(Path image, ImageFacts facts, LoadListener listener)
      throws IOException {
    Path file = checkedFile(image, facts);
    long room = FileLoads.check(target, file, facts.size());
    try (LoadState state = LoadState.lock(host, target, "")) {
      MemoryLoads.refuseLoaded(state, target);
      new Unloader(host, target, null).takeAwayUnfinished(state);
      LoadRecord record = begun(state, image, facts.size());
      state.write(record);
      Digest digest;
      Path place;
      try (OutputFile output = OutputFile.create(file)) {
        digest = FileLoads.copy(target, image, facts.size(), output, listener);
        place = FileLoads.realPlace(output);
        FileIdentity identity = Objects.requireNonNull(FileIdentity.of(output.path()));
        record = record.as(place, identity, options.mount());
        state.write(record);
        output.commit();
      } catch (Throwable e) {
        state.delete();
        throw e;
      }
      if (options.mount() != null) {
        try {
          mount(place, options.mount());
        } catch (IOException e) {
          state.delete();
          if (target instanceof LoadTarget.Tmpfs) {
            Files.deleteIfExists(place);
          }
          throw e;
        }
      }
      state.write(record.loaded());
      return FileLoads.result(
          target, file, facts.size(), room, digest, options.mount(), remarks(facts, "erofs"));
    }
  }

  private void mount(Path file, Path directory) throws IOException {
    try {
      host.kernel().mountFile(file, directory);
    } catch (IOException e) {
      throw new LoadException(
          target, "expected to mount it on " + directory + ", found " + e.getMessage(), e);
    }
  }

  /** Before there is a file, nothing of it is mounted. */
  private LoadRecord begun(LoadState state, Path image, long size) {
    return new LoadRecord(
        target.toString(),
        LoadRecord.State.FILLING,
        state.boot(),
        image.toAbsolutePath().toString(),
        size,
        0,
        null,
        null,
        null);
  }

  /** What would keep this machine from mounting the image; nobody has asked it to. */
  private List<String> remarks(ImageFacts facts, String filesystem) throws IOException {
    String obstacle = facts.obstacle(host, filesystem);
    return obstacle.isEmpty() ? List.of() : List.of("to mount it here takes " + obstacle);
  }

  private static LoadResult withRemarks(LoadResult result, List<String> remarks) {
    return new LoadResult(
        result.target(),
        result.place(),
        result.size(),
        result.capacity(),
        result.sha256(),
        result.range(),
        result.mountCommand(),
        result.kernelCommandLine(),
        result.mounted(),
        remarks);
  }
}
