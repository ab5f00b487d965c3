package io.daxconv.converter.layer;

import io.daxconv.converter.Budgets;
import io.daxconv.converter.text.Escapes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The records of a PAX extended header (POSIX.1-2001, pax): {@code "LENGTH KEY=VALUE\n"}. Values
 * are kept as bytes, for paths need not be text and xattrs are not. Later records win over earlier
 * ones.
 */
final class PaxRecords {
  private static final String SCHILY_XATTR = "SCHILY.xattr.";
  private static final String LIBARCHIVE_XATTR = "LIBARCHIVE.xattr.";

  /**
   * The longest value that Linux stores (XATTR_SIZE_MAX in linux/limits.h), with base64 around it.
   */
  private static final int LONGEST_XATTR = 65536 * 4 / 3 + 4;

  private static final Set<String> KEYS =
      Set.of(
          "path",
          "linkpath",
          "size",
          "uid",
          "gid",
          "mtime",
          "GNU.sparse.major",
          "GNU.sparse.map",
          "GNU.sparse.name",
          "GNU.sparse.numblocks",
          "GNU.sparse.realsize",
          "GNU.sparse.size");

  private static final SparseMap.Builder NO_PIECES = new SparseMap.Builder();

  private final Budgets budgets;
  private final Map<String, byte[]> values = new HashMap<>();
  private long bytes;
  private boolean hasXattrs;
  private @Nullable PaxRecords below;

  /** Kept, so that all entries share the xattrs of a global header. */
  private @Nullable Xattrs xattrs;

  /** Null until there is one: hardly any file has them. */
  private SparseMap.@Nullable Builder sparsePieces;

  PaxRecords(Budgets budgets) {
    this.budgets = budgets;
  }

  /** Takes over the records of a header's data. Keys are read as ISO 8859-1, one char a byte. */
  void addAll(byte[] data) throws TarFormatException {
    int at = 0;
    while (at < data.length) {
      int space = indexOf(data, ' ', at);
      long length = space < 0 ? -1 : decimal(data, at, space, "record length");
      if (length <= space - at
          || length > data.length - at
          || data[at + (int) length - 1] != '\n') {
        throw new TarFormatException(
            "pax header: expected a record of the length it says at byte " + at);
      }
      int equals = indexOf(data, '=', space);
      if (equals < 0 || equals >= at + length) {
        throw new TarFormatException("pax header: expected KEY=VALUE at byte " + at);
      }
      String key = new String(data, space + 1, equals - space - 1, StandardCharsets.ISO_8859_1);
      add(key, Arrays.copyOfRange(data, equals + 1, at + (int) length - 1));
      at += (int) length;
    }
  }

  private void add(String key, byte[] value) throws TarFormatException {
    switch (key) {
      // GNU's sparse format 0.0 repeats these two, so that only their order says what they mean.
      case "GNU.sparse.offset", "GNU.sparse.numbytes" ->
          ownSparsePieces().add(decimal(value, 0, value.length, key));
      default -> put(key, value);
    }
  }

  /** Keeps what is asked for later; a header may have any number of other keys. */
  private void put(String key, byte[] value) throws TarFormatException {
    boolean xattr = key.startsWith(SCHILY_XATTR) || key.startsWith(LIBARCHIVE_XATTR);
    if (!xattr && !KEYS.contains(key)) {
      return;
    }
    if (xattr && value.length > LONGEST_XATTR) {
      throw new TarFormatException(
          "pax header, "
              + Escapes.quote(key)
              + ": expected a value of at most "
              + LONGEST_XATTR
              + " bytes, found "
              + value.length);
    }
    byte[] before = values.put(key, value);
    bytes += key.length() + value.length - (before == null ? 0 : key.length() + before.length);
    xattrs = null;
    hasXattrs |= xattr;
    TarReader.checkMeta(budgets, bytes, "pax headers");
  }

  /** Puts these records over older ones, which are those of a global header. */
  PaxRecords over(PaxRecords global) {
    below = global;
    return this;
  }

  /** Pieces of GNU's sparse format 0.0; empty if there are none. Not to be changed. */
  SparseMap.Builder sparsePieces() {
    return sparsePieces == null ? NO_PIECES : sparsePieces;
  }

  private SparseMap.Builder ownSparsePieces() {
    if (sparsePieces == null) {
      sparsePieces = new SparseMap.Builder();
    }
    return sparsePieces;
  }

  /** A value; null if there is none, or an empty one, which takes a record back. */
  byte @Nullable [] value(String key) {
    byte[] value = values.get(key);
    if (value == null && below != null) {
      return below.value(key);
    }
    return value == null || value.length == 0 ? null : value;
  }

  /** A decimal number that is not negative, or the default. */
  long number(String key, long otherwise) throws TarFormatException {
    byte[] value = value(key);
    return value == null ? otherwise : decimal(value, 0, value.length, key);
  }

  /** A time, or null: seconds and nanoseconds, the latter counted up from the former. */
  PaxTime time(String key, long otherwise) throws TarFormatException {
    byte[] value = value(key);
    return value == null ? new PaxTime(otherwise, 0) : PaxTime.parse(value);
  }

  /** The xattrs that Schily's and libarchive's keys hold; where both name one, Schily's counts. */
  Xattrs xattrs() throws TarFormatException {
    if (!hasXattrs) {
      return below == null ? Xattrs.NONE : below.xattrs();
    }
    Xattrs found = xattrs;
    if (found == null) {
      Map<String, byte[]> all = new HashMap<>(below == null ? Map.of() : below.values);
      all.putAll(values);
      found = xattrs(all);
      xattrs = found;
    }
    return found;
  }

  private static Xattrs xattrs(Map<String, byte[]> records) throws TarFormatException {
    SortedMap<String, byte[]> xattrs = new TreeMap<>();
    for (Map.Entry<String, byte[]> record : records.entrySet()) {
      String key = record.getKey();
      if (key.startsWith(SCHILY_XATTR)) {
        byte[] name = key.substring(SCHILY_XATTR.length()).getBytes(StandardCharsets.ISO_8859_1);
        xattrs.put(Escapes.escape(name), record.getValue());
      } else if (key.startsWith(LIBARCHIVE_XATTR)) {
        libarchive(record, records, xattrs);
      }
    }
    if (xattrs.size() > Xattrs.MAX_COUNT) {
      throw new TarFormatException(
          "pax header: expected at most " + Xattrs.MAX_COUNT + " xattrs, found " + xattrs.size());
    }
    return Xattrs.of(xattrs);
  }

  private static void libarchive(
      Map.Entry<String, byte[]> record,
      Map<String, byte[]> records,
      SortedMap<String, byte[]> xattrs)
      throws TarFormatException {
    try {
      byte[] name = Escapes.unescape(record.getKey().substring(LIBARCHIVE_XATTR.length()));
      String schily = SCHILY_XATTR + new String(name, StandardCharsets.ISO_8859_1);
      if (!records.containsKey(schily)) {
        // libarchive writes base64 without padding; the decoder takes both.
        xattrs.put(Escapes.escape(name), Base64.getDecoder().decode(record.getValue()));
      }
    } catch (IllegalArgumentException e) {
      throw new TarFormatException(
          "pax header, " + LIBARCHIVE_XATTR + ": expected a URL-encoded name and a base64 value");
    }
  }

  /** A decimal number in {@code [from, to)}. */
  static long decimal(byte[] bytes, int from, int to, String what) throws TarFormatException {
    long number = 0;
    for (int i = from; i < to; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
        throw notDecimal(bytes, from, to, what);
      }
      number = number * 10 + digit;
    }
    if (from == to) {
      throw notDecimal(bytes, from, to, what);
    }
    return number;
  }

  private static TarFormatException notDecimal(byte[] bytes, int from, int to, String what) {
    return new TarFormatException(
        "pax header, "
            + Escapes.quote(what)
            + ": expected a decimal number, found "
            + Escapes.quote(
                new String(bytes, from, Math.min(to - from, 40), StandardCharsets.ISO_8859_1)));
  }

  private static int indexOf(byte[] bytes, char wanted, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }
}
