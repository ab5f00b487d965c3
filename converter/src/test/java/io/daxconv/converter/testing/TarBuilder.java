package io.daxconv.converter.testing;

import static io.daxconv.converter.testing.TarEntry.BLOCK;

import java.io.ByteArrayOutputStream;

/** Writes a tar for a test, byte by byte and with no code of the converter. */
public final class TarBuilder {
  private final ByteArrayOutputStream entries = new ByteArrayOutputStream();

  /** A tar without entries. */
  public static TarBuilder tar() {
    return new TarBuilder();
  }

  public TarBuilder add(TarEntry entry) {
    entries.writeBytes(entry.toBytes());
    return this;
  }

  /** Adds bytes as they are. */
  public TarBuilder raw(byte[] bytes) {
    entries.writeBytes(bytes);
    return this;
  }

  /** A regular file, 0644, 0:0. */
  public TarBuilder file(String name, String data) {
    return add(TarEntry.file(name, data));
  }

  /** A directory, 0755, 0:0. */
  public TarBuilder directory(String name) {
    return add(TarEntry.directory(name));
  }

  public TarBuilder symlink(String name, String target) {
    return add(TarEntry.symlink(name, target));
  }

  public TarBuilder hardLink(String name, String target) {
    return add(TarEntry.hardLink(name, target));
  }

  /** An empty file of this name, which is what hides something if the name is a whiteout's. */
  public TarBuilder whiteout(String name) {
    return file(name, "");
  }

  /** A PAX header that holds for all entries after it. */
  public TarBuilder globalPax(String key, byte[] value) {
    return add(new TarEntry('g', "pax_global_header").data(TarEntry.paxRecord(key, value)));
  }

  /** The entries and two blocks of zeros. */
  public byte[] build() {
    return build(2);
  }

  /** The entries and that many blocks of zeros. */
  public byte[] build(int endBlocks) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(entries.toByteArray());
    all.writeBytes(new byte[endBlocks * BLOCK]);
    return all.toByteArray();
  }
}
