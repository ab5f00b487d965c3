package io.daxconv.cli;

import io.daxconv.converter.browse.FileInode;
import io.daxconv.converter.browse.FileKind;
import io.daxconv.converter.browse.ImageTree;
import io.daxconv.converter.browse.Mtime;
import io.daxconv.converter.browse.PathLookup;
import io.daxconv.converter.browse.PathLookup.Found;
import io.daxconv.converter.daxfs.Extent;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what inodes of an image say. */
@Command(
    name = "stat",
    description =
        "Show all that an image says of a file: mode, owner, time, xattrs, where it stands.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class StatCommand implements Callable<Integer> {
  private final Streams streams;

  @Mixin private TreeArguments image;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "PATH", description = "what to show")
  private List<String> paths;

  @Option(names = "-L", description = "follow symlinks, inside the image")
  private boolean follow;

  @Option(names = "--json", description = "one JSON object")
  private boolean json;

  StatCommand(Streams streams) {
    this.streams = streams;
  }

  @Override
  public Integer call() throws IOException {
    return image.read(
        tree -> {
          PathLookup lookup = new PathLookup(tree);
          List<Found> all = new ArrayList<>();
          for (byte[] path : image.paths(paths)) {
            all.add(lookup.find(path, follow));
          }
          if (json) {
            try (JsonOut out = new JsonOut(streams.out(), image.file(), tree)) {
              json(tree, all, out);
            }
          } else {
            for (Found found : all) {
              print(tree, found);
            }
          }
          return Main.DONE;
        });
  }

  private static void json(ImageTree tree, List<Found> all, JsonOut out) throws IOException {
    out.fields().writeArrayFieldStart("entries");
    for (Found found : all) {
      out.fields().writeStartObject();
      out.inodeFields(tree, found.path(), found.inode());
      if (found.inode().isRegular()) {
        out.fields().writeArrayFieldStart("extents");
        for (Extent extent : tree.extents(found.inode())) {
          out.fields().writeStartObject();
          out.fields().writeNumberField("offset", extent.offset());
          out.fields().writeNumberField("size", extent.size());
          out.fields().writeEndObject();
        }
        out.fields().writeEndArray();
      }
      out.fields().writeEndObject();
    }
    out.fields().writeEndArray();
  }

  private void print(ImageTree tree, Found found) throws IOException {
    FileInode inode = found.inode();
    streams.out().println(Escapes.escape(found.path()));
    Lines lines = new Lines(streams.out());
    lines.field("type", FileKind.of(inode).id());
    lines.field(
        "mode", String.format(Locale.ROOT, "%04o ", inode.permissions()) + LongLine.mode(inode));
    lines.field("owner", inode.uid() + ":" + inode.gid());
    lines.field("size", Sizes.bytes(inode.size()));
    lines.field("links", Long.toString(inode.links()));
    lines.field("inode", Long.toString(inode.number()));
    Mtime mtime = inode.mtime();
    lines.field("modified", mtime == null ? "unknown: DAXFS has no times" : mtime.toString());
    if (inode.isDevice()) {
      lines.field("device", inode.major() + ":" + inode.minor());
    }
    if (inode.isSymlink()) {
      lines.field("target", Escapes.escape(tree.target(inode)));
    }
    for (var xattr : tree.xattrs(inode).entrySet()) {
      lines.field("xattr", xattr.getKey() + " 0x" + HexFormat.of().formatHex(xattr.getValue()));
    }
    if (inode.isRegular()) {
      String where = tree.image().isSplit() ? " of the backing file" : "";
      for (Extent extent : tree.extents(inode)) {
        lines.field(
            "data",
            Sizes.bytes(extent.size())
                + " at "
                + String.format(Locale.ROOT, "%,d", extent.offset())
                + where);
      }
    }
  }
}
