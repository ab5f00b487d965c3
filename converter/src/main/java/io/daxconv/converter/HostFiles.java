package io.daxconv.converter;

import io.daxconv.converter.annex.AddedPath;
import io.daxconv.converter.annex.Remark;
import io.daxconv.converter.extent.ExtentStore;
import io.daxconv.converter.layer.DataSink;
import io.daxconv.converter.layer.EntryType;
import io.daxconv.converter.layer.LayerEntry;
import io.daxconv.converter.layer.Xattrs;
import io.daxconv.converter.linux.DirectoryReader;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.DirectoryLayer;
import io.daxconv.converter.text.Escapes;
import io.daxconv.converter.tree.AddedEntries;
import io.daxconv.converter.tree.Directory;
import io.daxconv.converter.tree.FlattenException;
import io.daxconv.converter.tree.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts files of the host into a tree, and their bytes into its store. */
final class HostFiles {
  private final AddedEntries entries;
  private final ExtentStore store;
  private final boolean recordSource;
  private final List<AddedPath> added = new ArrayList<>();
  private final List<Remark> remarks = new ArrayList<>();

  HostFiles(Directory root, ExtentStore store, boolean recordSource) {
    this.entries = new AddedEntries(root);
    this.store = store;
    this.recordSource = recordSource;
  }

  /** What was added, in order. */
  List<AddedPath> added() {
    return added;
  }

  /** Which files of the image were replaced. */
  List<Remark> remarks() {
    return remarks;
  }

  /**
   * Adds one file or directory.
   *
   * @throws LayerException if it cannot be read or has no place in the tree
   */
  void add(AddedFile file) throws IOException {
    String label = "added " + Escapes.quote(file.source().toString());
    if (!Files.exists(file.source())) {
      throw new LayerException(label + ": expected a file or directory, found nothing");
    }
    Path source = file.source().toRealPath();
    try (DirectoryReader reader = new DirectoryReader(new DirectoryLayer(label, source), true)) {
      new Addition(file, reader).run();
    } catch (FlattenException e) {
      throw new LayerException(label + ": " + e.getMessage(), e);
    }
  }

  /** One of the files or directories with all that is in it. */
  private final class Addition {
    private final AddedFile file;
    private final DirectoryReader reader;
    private final byte[] path;
    private long files;
    private long size;
    private @Nullable Digest sha256;
    private String first = "/";

    Addition(AddedFile file, DirectoryReader reader) {
      this.file = file;
      this.reader = reader;
      this.path = file.path().getBytes(StandardCharsets.UTF_8);
    }

    void run() throws IOException, FlattenException {
      for (LayerEntry entry = reader.next(); entry != null; entry = reader.next()) {
        boolean isFirst = files++ == 0;
        boolean described = isFirst && file.permissions() != AddedFile.AS_IT_IS;
        AddedEntries.Placed placed =
            entries.put(at(entry, described ? file.permissions() : entry.permissions()), described);
        first = isFirst ? placed.path() : first;
        if (placed.replaced()) {
          String detail = "a file of the host stands where the image has another";
          remarks.add(new Remark("replaced-by-added", placed.path(), detail));
        }
        if (placed.node() instanceof RegularFile regular && entry.type() == EntryType.REGULAR) {
          store(regular, isFirst);
        }
      }
      String recorded = recordSource ? file.source().toAbsolutePath().toString() : null;
      added.add(new AddedPath(first, files, size, sha256, recorded));
    }

    private LayerEntry at(LayerEntry entry, int permissions) {
      return new LayerEntry(
          entry.type(),
          below(entry.path()),
          entry.type() == EntryType.HARD_LINK ? below(entry.target()) : entry.target(),
          entry.size(),
          null,
          permissions,
          0,
          0,
          0,
          0,
          entry.major(),
          entry.minor(),
          Xattrs.NONE);
    }

    private byte[] below(byte[] relative) {
      byte[] joined = Arrays.copyOf(path, path.length + 1 + relative.length);
      joined[path.length] = '/';
      System.arraycopy(relative, 0, joined, path.length + 1, relative.length);
      return joined;
    }

    private void store(RegularFile regular, boolean hashed) throws IOException {
      MessageDigest hash = Digest.Algorithm.SHA256.newHash();
      ExtentStore.Content content =
          sink -> reader.copyData(hashed ? new HashedSink(sink, hash) : sink);
      regular.setExtent(store.store(regular.size(), content));
      size += regular.size();
      sha256 = hashed ? Digest.of(Digest.Algorithm.SHA256, hash) : sha256;
    }
  }

  /** Hashes what goes through; a directory's files have no holes. */
  private record HashedSink(DataSink sink, MessageDigest hash) implements DataSink {
    @Override
    public void data(ByteBuffer bytes) throws IOException {
      hash.update(bytes.duplicate());
      sink.data(bytes);
    }

    @Override
    public void hole(long length) {
      throw new IllegalStateException("a hole of " + length);
    }
  }
}
