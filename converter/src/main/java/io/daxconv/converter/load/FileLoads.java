package io.daxconv.converter.load;

import io.daxconv.converter.ImageOutput;
import io.daxconv.converter.OutputFile;
import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loading into a file: on a tmpfs, where it is memory that is not written out, or anywhere. */
final class FileLoads {
  private FileLoads() {}

  /** The file that an image becomes; for a tmpfs, of the image's name. */
  static Path file(LoadTarget target, String name) {
    return switch (target) {
      case LoadTarget.Tmpfs tmpfs -> tmpfs.directory().resolve(name);
      case LoadTarget.PlainFile plain -> plain.file();
      default -> throw new IllegalArgumentException(target + " is no file");
    };
  }

  /** Where a file will be, by the name that the kernel tells of it when it is mounted. */
  static Path realPlace(OutputFile output) throws IOException {
    return output.path().toRealPath().resolveSibling(output.place().getFileName());
  }

  /** How it is mounted by hand; mount(8) makes a loop device. */
  static String command(Path file) {
    return "mount -t erofs -o ro,loop " + file;
  }

  /** Whether the directory is one of a tmpfs, and the image fits. */
  static long check(LoadTarget target, Path file, long size) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new LoadException(target, "expected a directory, found none at " + directory);
    }
    String type = Files.getFileStore(directory).type();
    if (target instanceof LoadTarget.Tmpfs && !type.equals("tmpfs")) {
      throw new LoadException(target, "expected a directory on a tmpfs, found one on " + type);
    }
    long room = Files.getFileStore(directory).getUsableSpace();
    Place.requireRoom(target, size, room);
    return room;
  }

  static Digest copy(
      LoadTarget target, Path source, long size, ImageOutput output, LoadListener listener)
      throws IOException {
    ImageCopy copy = new ImageCopy(target, source, size);
    FileChannel to = output.channel();
    copy.write(to, listener);
    to.force(true);
    return copy.readBack((into, at) -> fill(to, target, into, at), listener);
  }

  private static void fill(FileChannel from, LoadTarget target, ByteBuffer into, long at)
      throws IOException {
    while (into.hasRemaining()) {
      if (from.read(into, at + into.position()) < 0) {
        throw new LoadException(target, "expected what was written, found its end before that");
      }
    }
  }

  static LoadResult result(
      LoadTarget target,
      Path file,
      long size,
      long room,
      @Nullable Digest digest,
      @Nullable Path mounted,
      List<String> remarks) {
    return new LoadResult(
        target, file, size, room, digest, null, command(file), null, mounted, remarks);
  }
}
