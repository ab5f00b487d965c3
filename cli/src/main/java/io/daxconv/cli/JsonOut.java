package io.daxconv.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.daxconv.converter.browse.FileInode;
import io.daxconv.converter.browse.FileKind;
import io.daxconv.converter.browse.ImageTree;
import io.daxconv.converter.browse.Mtime;
import io.daxconv.converter.text.Escapes;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;

/**
 * One JSON object for programs, written as it comes, for a tree may have more paths than memory has
 * room for. docs/reading.md says what the fields mean; they are stable.
 */
final class JsonOut implements Closeable {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build();

  private final JsonGenerator json;
  private final PrintStream out;

  /** Starts an object that says which file it is about. */
  JsonOut(PrintStream out, Path file) throws IOException {
    this.out = out;
    this.json = MAPPER.createGenerator(new Unclosed(out));
    this.json.useDefaultPrettyPrinter();
    json.writeStartObject();
    json.writeStringField("file", file.toString());
  }

  /** Starts an object about the tree of an image. */
  JsonOut(PrintStream out, Path file, ImageTree tree) throws IOException {
    this(out, file);
    json.writeStringField("view", tree.view().filesystem());
  }

  /** What commands write their own fields with. */
  JsonGenerator fields() {
    return json;
  }

  /** One path with all that its inode says, as an object. */
  void inode(ImageTree tree, byte[] path, FileInode inode) throws IOException {
    json.writeStartObject();
    inodeFields(tree, path, inode);
    json.writeEndObject();
  }

  /** The fields of that object. */
  void inodeFields(ImageTree tree, byte[] path, FileInode inode) throws IOException {
    json.writeStringField("path", Escapes.escape(path));
    json.writeStringField("type", FileKind.of(inode).id());
    json.writeStringField("mode", String.format(Locale.ROOT, "%04o", inode.permissions()));
    json.writeNumberField("uid", inode.uid());
    json.writeNumberField("gid", inode.gid());
    json.writeNumberField("size", inode.size());
    json.writeNumberField("links", inode.links());
    json.writeNumberField("inode", inode.number());
    Mtime mtime = inode.mtime();
    if (mtime != null) {
      json.writeNumberField("mtime", mtime.seconds());
      json.writeNumberField("mtime_nsec", mtime.nanos());
    }
    if (inode.isDevice()) {
      json.writeNumberField("major", inode.major());
      json.writeNumberField("minor", inode.minor());
    }
    if (inode.isSymlink()) {
      json.writeStringField("target", Escapes.escape(tree.target(inode)));
    }
    Map<String, byte[]> xattrs = tree.xattrs(inode);
    if (!xattrs.isEmpty()) {
      json.writeObjectFieldStart("xattrs");
      for (Map.Entry<String, byte[]> xattr : xattrs.entrySet()) {
        json.writeStringField(xattr.getKey(), HexFormat.of().formatHex(xattr.getValue()));
      }
      json.writeEndObject();
    }
  }

  /** Ends the object. */
  @Override
  public void close() throws IOException {
    json.writeEndObject();
    json.close();
    out.println();
  }

  /** Standard output, which stays open; it gets what the generator's buffer holds at once. */
  private static final class Unclosed extends OutputStream {
    private final PrintStream out;

    Unclosed(PrintStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      UnwrittenException.check(out);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
