package io.daxconv.converter.layer;

import io.daxconv.converter.Budget;
import io.daxconv.converter.BudgetException;
import io.daxconv.converter.Budgets;
import io.daxconv.converter.stream.ByteStream;
import io.daxconv.converter.text.Escapes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar as image layers have it: ustar, GNU and PAX, with GNU's four sparse forms. Names and
 * xattrs stay bytes from end to end, which no tar library for Java does, and what container
 * runtimes refuse is refused: a bad checksum, an unknown type, an archive that ends inside an
 * entry.
 */
final class TarReader {
  /** Between two entries; tools write three at most. An archive of nothing else must end. */
  private static final int MAX_META_HEADERS = 1000;

  private static final int BLOCK = TarHeader.SIZE;

  private final ByteStream in;
  private final byte[] block = new byte[BLOCK];
  private final Budgets budgets;
  private final PaxRecords global;

  private long entryLeft;
  private long padding;
  private @Nullable LayerEntry entry;
  private boolean atEnd;

  TarReader(ByteStream in, Budgets budgets) {
    this.in = in;
    this.budgets = budgets;
    this.global = new PaxRecords(budgets);
  }

  /** The next entry, or null at the end of the archive. */
  @Nullable LayerEntry next() throws IOException {
    skip(entryLeft);
    skipPadding();
    entryLeft = 0;
    padding = 0;
    PaxRecords local = new PaxRecords(budgets);
    byte @Nullable [] longName = null;
    byte @Nullable [] longLink = null;
    boolean between = false;
    for (int headers = 0; headers <= MAX_META_HEADERS; headers++) {
      TarHeader header = readHeader();
      if (header == null) {
        if (between) {
          throw new TarFormatException("truncated tar: it ends behind an extended header");
        }
        return null;
      }
      between = true;
      switch (header.type()) {
        case 'x' -> {
          local = new PaxRecords(budgets);
          local.addAll(readMeta(header, "pax header"));
        }
        case 'g' -> {
          global.addAll(readMeta(header, "global pax header"));
          between = false;
        }
        case 'L' -> longName = upToNul(readMeta(header, "long name"));
        case 'K' -> longLink = upToNul(readMeta(header, "long link"));
        default -> {
          entry = readEntry(header, local.over(global), longName, longLink);
          return entry;
        }
      }
    }
    throw new TarFormatException(
        "tar: expected at most "
            + MAX_META_HEADERS
            + " extended headers between two entries, found more");
  }

  /** Hands over the data of the entry that {@link #next} just gave. */
  void copyData(DataSink sink) throws IOException {
    LayerEntry current = entry;
    if (current == null || current.type() != EntryType.REGULAR) {
      throw new IllegalStateException("no regular file to copy");
    }
    entry = null;
    SparseMap sparse = current.sparse();
    if (sparse == null) {
      copy(entryLeft, sink);
      return;
    }
    long position = 0;
    for (int i = 0; i < sparse.pieces(); i++) {
      if (sparse.offset(i) > position) {
        sink.hole(sparse.offset(i) - position);
      }
      copy(sparse.length(i), sink);
      position = sparse.offset(i) + sparse.length(i);
    }
    if (position < current.size()) {
      sink.hole(current.size() - position);
    }
  }

  private LayerEntry readEntry(
      TarHeader header, PaxRecords pax, byte @Nullable [] longName, byte @Nullable [] longLink)
      throws IOException {
    byte[] path = first(pax.value("path"), longName, header.path());
    byte[] link = first(pax.value("linkpath"), longLink, header.text(TarHeader.Field.LINKNAME));
    long size = pax.number("size", header.number(TarHeader.Field.SIZE));
    EntryType type = type(header, path);
    if (size < 0) {
      throw new TarFormatException("tar header, field size: expected 0 or more, found " + size);
    }
    // Headers of other types may name a size, but no data follows them (as Go's archive/tar has
    // it).
    entryLeft = type == EntryType.REGULAR ? size : 0;
    padding = -entryLeft & (BLOCK - 1);
    long realSize = entryLeft;
    SparseMap sparse = null;
    if (type == EntryType.REGULAR) {
      byte[] sparseName = pax.value("GNU.sparse.name");
      path = sparseName == null ? path : sparseName;
      long sparseSize = realSize(header, pax, size);
      sparse = sparseMap(header, pax, sparseSize);
      realSize = sparse == null ? size : sparseSize;
    }
    PaxTime mtime = pax.time("mtime", header.number(TarHeader.Field.MTIME));
    boolean device = type == EntryType.CHARACTER_DEVICE || type == EntryType.BLOCK_DEVICE;
    return new LayerEntry(
        type,
        path,
        type == EntryType.SYMLINK || type == EntryType.HARD_LINK ? link : new byte[0],
        realSize,
        sparse,
        (int) header.number(TarHeader.Field.MODE) & 07777,
        owner("uid", pax.number("uid", header.number(TarHeader.Field.UID))),
        owner("gid", pax.number("gid", header.number(TarHeader.Field.GID))),
        mtime.seconds(),
        mtime.nanos(),
        device ? header.device(TarHeader.Field.DEVMAJOR) : 0,
        device ? header.device(TarHeader.Field.DEVMINOR) : 0,
        pax.xattrs());
  }

  private static EntryType type(TarHeader header, byte[] path) throws TarFormatException {
    return switch (header.type()) {
      // Archives older than ustar have no type for directories, only the slash.
      case '\0' ->
          path.length > 0 && path[path.length - 1] == '/' ? EntryType.DIRECTORY : EntryType.REGULAR;
      case '0', '7', 'S' -> EntryType.REGULAR;
      case '1' -> EntryType.HARD_LINK;
      case '2' -> EntryType.SYMLINK;
      case '3' -> EntryType.CHARACTER_DEVICE;
      case '4' -> EntryType.BLOCK_DEVICE;
      case '5' -> EntryType.DIRECTORY;
      case '6' -> EntryType.FIFO;
      default ->
          throw new TarFormatException(
              "entry "
                  + Escapes.escape(path)
                  + ": expected an entry type 0 to 7 or S, found "
                  + Escapes.escape(new byte[] {(byte) header.type()}));
    };
  }

  private static long realSize(TarHeader header, PaxRecords pax, long size) throws IOException {
    if (header.type() == 'S') {
      return header.number(TarHeader.Field.GNU_REALSIZE);
    }
    return pax.number("GNU.sparse.realsize", pax.number("GNU.sparse.size", size));
  }

  /** The sparse map in whichever of GNU's forms, read from the data where it stands there. */
  private @Nullable SparseMap sparseMap(TarHeader header, PaxRecords pax, long realSize)
      throws IOException {
    SparseMap.Builder pieces;
    byte[] listed = pax.value("GNU.sparse.map");
    if (header.type() == 'S') {
      pieces = oldGnuPieces(header);
    } else if (pax.number("GNU.sparse.major", 0) == 1) {
      pieces = leadingPieces();
    } else if (listed != null) {
      pieces = listedPieces(listed);
    } else if (!pax.sparsePieces().isEmpty() || pax.value("GNU.sparse.numblocks") != null) {
      pieces = pax.sparsePieces();
    } else {
      return null;
    }
    return SparseMap.of(pieces.pairs(), realSize, entryLeft);
  }

  private SparseMap.Builder oldGnuPieces(TarHeader header) throws IOException {
    SparseMap.Builder pieces = new SparseMap.Builder();
    boolean extended = header.sparsePieces(pieces);
    while (extended) {
      if (!readBlock()) {
        throw truncated("a sparse map");
      }
      extended = TarHeader.extensionPieces(block, pieces);
    }
    return pieces;
  }

  /** Format 0.1: numbers with commas between. */
  private static SparseMap.Builder listedPieces(byte[] listed) throws TarFormatException {
    SparseMap.Builder pieces = new SparseMap.Builder();
    int from = 0;
    for (int i = 0; i <= listed.length; i++) {
      if (i == listed.length || listed[i] == ',') {
        pieces.add(PaxRecords.decimal(listed, from, i, "GNU.sparse.map"));
        from = i + 1;
      }
    }
    return pieces;
  }

  /** Format 1.0: the data starts with lines of numbers, the first their count, in whole blocks. */
  private SparseMap.Builder leadingPieces() throws IOException {
    SparseMap.Builder pieces = new SparseMap.Builder();
    byte[] line = new byte[20];
    int length = 0;
    long numbers = -1;
    long seen = 0;
    while (numbers < 0 || seen < numbers) {
      if (entryLeft < BLOCK || !readBlock()) {
        throw truncated("a sparse map");
      }
      entryLeft -= BLOCK;
      for (int i = 0; i < BLOCK && (numbers < 0 || seen < numbers); i++) {
        if (block[i] != '\n') {
          if (length == line.length) {
            throw new TarFormatException("sparse map: expected lines with one number each");
          }
          line[length++] = block[i];
          continue;
        }
        long number = PaxRecords.decimal(line, 0, length, "sparse map");
        length = 0;
        if (numbers < 0) {
          if (number > SparseMap.MAX_PIECES) {
            throw new TarFormatException(
                "sparse map: expected at most "
                    + SparseMap.MAX_PIECES
                    + " pieces, found "
                    + number);
          }
          numbers = 2 * number;
        } else {
          pieces.add(number);
          seen++;
        }
      }
    }
    return pieces;
  }

  /** Owners beyond 32 bits cannot be held by Linux. */
  private static int owner(String what, long value) throws TarFormatException {
    if (value < 0 || value > 0xffffffffL) {
      throw new TarFormatException(what + ": expected 0 to 4294967295, found " + value);
    }
    return (int) value;
  }

  /** The next header, or null where the archive ends. */
  private @Nullable TarHeader readHeader() throws IOException {
    if (atEnd || !readBlock()) {
      atEnd = true;
      return null;
    }
    if (!TarHeader.isZero(block)) {
      return new TarHeader(block);
    }
    atEnd = true;
    if (readBlock() && !TarHeader.isZero(block)) {
      throw new TarFormatException(
          "tar: expected a second zero block at its end, found something else");
    }
    return null;
  }

  private byte[] readMeta(TarHeader header, String what) throws IOException {
    long size = header.number(TarHeader.Field.SIZE);
    if (size < 0) {
      throw new TarFormatException(what + ": expected 0 bytes or more, found " + size);
    }
    checkMeta(budgets, size, what);
    byte[] data = new byte[(int) size];
    if (in.read(data, data.length) < size) {
      throw truncated("a " + what);
    }
    skip(-size & (BLOCK - 1));
    return data;
  }

  /** The exception says what is wrong with a tar; its cause, that a budget could be raised. */
  static void checkMeta(Budgets budgets, long size, String what) throws TarFormatException {
    try {
      budgets.check(Budget.PAX_HEADER, size, what);
    } catch (BudgetException e) {
      TarFormatException failure = new TarFormatException(e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }

  /** Reads one block; false at a clean end. */
  private boolean readBlock() throws IOException {
    int read = in.read(block, BLOCK);
    if (read > 0 && read < BLOCK) {
      throw truncated("a header");
    }
    return read == BLOCK;
  }

  private void copy(long count, DataSink sink) throws IOException {
    for (long left = count; left > 0; ) {
      ByteBuffer bytes = some(left);
      left -= bytes.remaining();
      entryLeft -= bytes.remaining();
      sink.data(bytes);
    }
  }

  private void skip(long count) throws IOException {
    for (long left = count; left > 0; ) {
      left -= some(left).remaining();
    }
  }

  private ByteBuffer some(long most) throws IOException {
    ByteBuffer bytes = in.next(most);
    if (bytes == null) {
      throw truncated("an entry");
    }
    return bytes;
  }

  /**
   * Behind an entry's last byte the archive may end: umoci insert writes such layers, and runtimes,
   * whose reader is Go's, take them.
   */
  private void skipPadding() throws IOException {
    in.read(block, (int) padding);
  }

  private TarFormatException truncated(String where) {
    return new TarFormatException("truncated tar: it ends inside " + where);
  }

  private static byte[] first(byte @Nullable [] pax, byte @Nullable [] gnu, byte[] header) {
    return pax != null ? pax : gnu != null ? gnu : header;
  }

  private static byte[] upToNul(byte[] text) {
    for (int i = 0; i < text.length; i++) {
      if (text[i] == 0) {
        return Arrays.copyOf(text, i);
      }
    }
    return text;
  }
}
