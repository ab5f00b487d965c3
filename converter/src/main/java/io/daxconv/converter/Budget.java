package io.daxconv.converter;

import io.daxconv.converter.annex.AnnexJson;
import java.util.Locale;

/**
 * What an image may cost. Each has a default that honest images keep to; {@link Budgets} can say
 * otherwise. {@code docs/limits.md} has the reasons for the numbers.
 */
public enum Budget {
  /** Linux stacks no more in an overlayfs (OVL_MAX_STACK in fs/overlayfs/params.h). */
  LAYERS("layers", Unit.COUNT, 500),

  /** All of a layer's tar, whiteouts and hard links too. */
  ENTRIES("entries in all layers", Unit.COUNT, 4_000_000),

  /** Holes count, and files that a newer layer hides. */
  BYTES("bytes of files in all layers", Unit.BYTES, 256L << 30),

  FILE_SIZE("bytes in one file", Unit.BYTES, 64L << 30),

  /** What a sparse file claims without storing it: each byte is hashed all the same. */
  HOLES("bytes of holes in all layers", Unit.BYTES, 8L << 30),

  BLOB_SIZE("bytes in one layer's blob", Unit.BYTES, 64L << 30),

  /** Counts only where a layer's tar is larger than {@link Budgets#UNSUSPECTED}. */
  EXPANSION("bytes of tar for each byte of the blob", Unit.COUNT, 200),

  /** One PAX header, GNU long name or long link; Go's archive/tar has the same limit. */
  PAX_HEADER("bytes in an extended header", Unit.BYTES, 1 << 20, 64 << 20),

  /** As deep as the longest path can be. */
  PATH_DEPTH("names in a path", Unit.COUNT, 2048, 2048),

  /** Linux's PATH_MAX without its NUL (linux/limits.h): no system call could name a longer path. */
  PATH_LENGTH("bytes in a path", Unit.BYTES, 4095, 4095),

  /** Names, values and {@link Budgets#XATTR_COST} for each, of one entry. */
  ENTRY_XATTR_BYTES("bytes of xattrs of one entry", Unit.BYTES, 1 << 20, 64 << 20),

  /** Likewise of all; the annex has them as base64 and must be able to hold them. */
  XATTR_BYTES(
      "bytes of xattrs in all layers", Unit.BYTES, AnnexJson.LONGEST / 2, AnnexJson.LONGEST / 2),

  /** The limit of registries (distribution-spec, "Pushing Manifests"). */
  MANIFEST_SIZE("bytes in a manifest, index or config", Unit.BYTES, 4 << 20, 256 << 20),

  /** Indexes in indexes: two are real. */
  INDEX_DEPTH("indexes in each other", Unit.COUNT, 4, 64);

  /** What a budget is counted in. */
  public enum Unit {
    COUNT,
    BYTES
  }

  /** An exbibyte: sums of two of these fit a long. */
  private static final long MOST = 1L << 60;

  private final String what;
  private final Unit unit;
  private final long usual;
  private final long most;

  Budget(String what, Unit unit, long usual) {
    this(what, unit, usual, MOST);
  }

  Budget(String what, Unit unit, long usual, long most) {
    this.what = what;
    this.unit = unit;
    this.usual = usual;
    this.most = most;
  }

  /** What is counted, as messages say it behind a number. */
  public String what() {
    return what;
  }

  public Unit unit() {
    return unit;
  }

  /** The default. */
  public long usual() {
    return usual;
  }

  /** The most that the limit can be raised to: beyond it, something else has no room. */
  public long most() {
    return most;
  }

  /** As options and documents call it: {@code file-size}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
