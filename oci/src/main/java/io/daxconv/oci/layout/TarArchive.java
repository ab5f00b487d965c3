package io.daxconv.oci.layout;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.blob.FileSlice;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * The files of a tar archive, read where they stand. Of two entries with one name the later counts,
 * as if the archive had been extracted. Only the headers are Commons Compress's to read: its own
 * streams of one archive cannot be read at the same time.
 */
final class TarArchive implements ImageFiles {
  private static final int MAX_LINKS = 16;

  private final String label;
  private final FileChannel file;
  private final Map<String, Entry> entries;

  /** What stands under a name. */
  private sealed interface Entry {
    record Data(FileSlice bytes) implements Entry {}

    record Link(String target) implements Entry {}
  }

  private TarArchive(String label, FileChannel file, Map<String, Entry> entries) {
    this.label = label;
    this.file = file;
    this.entries = entries;
  }

  /**
   * Reads the headers of an archive.
   *
   * @param label how complaints name it
   */
  static TarArchive open(String label, Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new SourceException(
          label
              + ": expected a file, found "
              + (Files.exists(path) ? "something else" : "nothing"));
    }
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    try {
      refuseCompressed(label, file);
      return new TarArchive(label, file, entries(label, path, file));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void refuseCompressed(String label, FileChannel file) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(4);
    while (start.hasRemaining() && file.read(start, start.position()) >= 0) {}
    int magic = start.getInt(0);
    if (magic >>> 16 == 0x1f8b || magic == 0x28b52ffd || magic == 0xfd377a58) {
      throw new SourceException(
          label + ": a compressed archive, which cannot be read in place: decompress it first");
    }
  }

  private static Map<String, Entry> entries(String label, Path path, FileChannel file)
      throws IOException {
    Map<String, Entry> entries = new HashMap<>();
    try (TarFile tar = new TarFile(path)) {
      for (TarArchiveEntry entry : tar.getEntries()) {
        add(label, entries, entry, file);
      }
    } catch (SourceException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The library complains about headers in more than one way.
      throw new SourceException(
          label + ": not a tar archive: " + Escapes.quote(String.valueOf(e.getMessage())), e);
    }
    if (entries.isEmpty()) {
      throw new SourceException(label + ": not a tar archive, or an empty one");
    }
    return entries;
  }

  private static void add(
      String label, Map<String, Entry> entries, TarArchiveEntry entry, FileChannel file)
      throws IOException {
    String name = EntryPath.of(entry.getName());
    switch (entry.getLinkFlag()) {
      case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG -> {
        if (entry.isSparse()) {
          throw new SourceException(label + ": " + Escapes.quote(name) + ": a sparse entry");
        }
        checkInside(label, entry, file);
        entries.put(
            name, new Entry.Data(new FileSlice(file, entry.getDataOffset(), entry.getSize())));
      }
      case TarConstants.LF_SYMLINK ->
          entries.put(name, new Entry.Link(EntryPath.sibling(name, entry.getLinkName())));
      case TarConstants.LF_LINK ->
          entries.put(name, new Entry.Link(EntryPath.of(entry.getLinkName())));
      default -> entries.remove(name);
    }
  }

  private static void checkInside(String label, TarArchiveEntry entry, FileChannel file)
      throws IOException {
    long left = file.size() - entry.getDataOffset();
    if (entry.getSize() > left) {
      throw new SourceException(
          "%s: %s: expected %d bytes, the archive ends after %d"
              .formatted(
                  label, Escapes.quote(entry.getName()), entry.getSize(), Math.max(0, left)));
    }
  }

  @Override
  public boolean has(String name) {
    return entries.containsKey(EntryPath.of(name));
  }

  @Override
  public long size(String name) throws SourceException {
    return find(name).size();
  }

  @Override
  public InputStream open(String name) throws SourceException {
    return find(name).open();
  }

  private FileSlice find(String name) throws SourceException {
    String at = EntryPath.of(name);
    for (int links = 0; links <= MAX_LINKS; links++) {
      switch (entries.get(at)) {
        case Entry.Data data -> {
          return data.bytes();
        }
        case Entry.Link link -> at = link.target();
        case null ->
            throw new SourceException(
                label + ": expected a file " + Escapes.quote(at) + ", found nothing");
      }
    }
    throw new SourceException(
        label + ": " + Escapes.quote(name) + ": more than " + MAX_LINKS + " links in a row");
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
