package io.daxconv.converter.load;

import io.daxconv.converter.ImageOutput;
import io.daxconv.converter.OutputFile;
import io.daxconv.converter.source.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Loading into a file: on a tmpfs, where it is memory that is not written out, or anywhere. */
final class FileLoads {
  private static final int CHUNK = 1 << 22;

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
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    ByteBuffer held = ByteBuffer.allocateDirect(CHUNK);
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    FileChannel to = output.channel();
    try (FileChannel file = FileChannel.open(source)) {
      listener.started("writing", size);
      for (long at = 0; at < size; at += chunk.limit()) {
        fill(file, chunk.clear().limit((int) Math.min(CHUNK, size - at)), at);
        while (chunk.hasRemaining()) {
          to.write(chunk, at + chunk.position());
        }
        listener.reached(at + chunk.limit());
      }
      to.force(true);
      listener.started("verifying", size);
      for (long at = 0; at < size; at += chunk.limit()) {
        int count = (int) Math.min(CHUNK, size - at);
        fill(file, chunk.clear().limit(count), at);
        fill(to, held.clear().limit(count), at);
        int differs = chunk.mismatch(held);
        if (differs >= 0) {
          throw new LoadException(
              target,
              "byte %d: expected what was written, found another byte".formatted(at + differs));
        }
        hash.update(held);
        listener.reached(at + count);
      }
    }
    return Digest.of(Digest.Algorithm.SHA256, hash);
  }

  private static void fill(FileChannel from, ByteBuffer into, long at) throws IOException {
    while (into.hasRemaining()) {
      if (from.read(into, at + into.position()) < 0) {
        throw new LoadException("image: expected all its bytes, found the file made shorter");
      }
    }
    into.flip();
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
