package io.daxconv.cli;

import com.fasterxml.jackson.core.Base64Variants;
import io.daxconv.converter.browse.FileKind;
import io.daxconv.converter.browse.ImageTree;
import io.daxconv.converter.browse.PathException;
import io.daxconv.converter.browse.PathLookup;
import io.daxconv.converter.browse.PathLookup.Found;
import io.daxconv.converter.format.SegmentDigest;
import io.daxconv.converter.format.SegmentStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes files of an image. */
@Command(
    name = "cat",
    description = "Write files of an image to standard output as they are, following symlinks.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CatCommand implements Callable<Integer> {
  private static final int CHUNK = 1 << 18;

  private final Streams streams;

  @Mixin private TreeArguments image;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "PATH", description = "what to write")
  private List<String> paths;

  @Option(names = "--json", description = "one JSON object, contents in base64")
  private boolean json;

  CatCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    return image.readData(
        tree -> {
          List<Found> files = files(tree);
          if (json) {
            try (JsonOut out = new JsonOut(streams.out(), image.file(), tree)) {
              json(tree, files, out);
            }
          } else {
            for (Found file : files) {
              write(tree.contents(file.inode()));
            }
          }
          return Main.DONE;
        });
  }

  /** All of them, before a byte of the first is written. */
  private List<Found> files(ImageTree tree) throws IOException {
    PathLookup lookup = new PathLookup(tree);
    List<Found> files = new ArrayList<>();
    for (byte[] path : image.paths(paths)) {
      Found found = lookup.find(path, true);
      if (!found.inode().isRegular()) {
        String kind = FileKind.of(found.inode()).phrase();
        throw new PathException(tree.name(), path, "a regular file", kind);
      }
      tree.contents(found.inode());
      files.add(found);
    }
    return files;
  }

  private void write(List<MemorySegment> pieces) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (InputStream in : streams(pieces)) {
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        streams.out().write(chunk, 0, count);
        UnwrittenException.check(streams.out());
      }
    }
  }

  private static List<InputStream> streams(List<MemorySegment> pieces) {
    return pieces.stream().map(piece -> (InputStream) new SegmentStream(piece)).toList();
  }

  private static void json(ImageTree tree, List<Found> files, JsonOut out) throws IOException {
    out.fields().writeArrayFieldStart("files");
    for (Found file : files) {
      List<MemorySegment> pieces = tree.contents(file.inode());
      out.fields().writeStartObject();
      out.inodeFields(tree, file.path(), file.inode());
      out.fields().writeStringField("sha256", SegmentDigest.sha256(pieces).hex());
      out.fields().writeFieldName("content");
      InputStream content = new SequenceInputStream(Collections.enumeration(streams(pieces)));
      out.fields().writeBinary(Base64Variants.MIME_NO_LINEFEEDS, content, -1);
      out.fields().writeEndObject();
    }
    out.fields().writeEndArray();
  }
}
