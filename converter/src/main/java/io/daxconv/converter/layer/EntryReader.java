package io.daxconv.converter.layer;

import io.daxconv.converter.source.Digest;
import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The entries of one layer, one after another, each with its data behind it. */
public interface EntryReader extends Closeable {
  /**
   * The next entry, or null at the end. Data of the entry before that was not copied is passed
   * over.
   */
  @Nullable LayerEntry next() throws IOException;

  /** Hands over the data of the regular file that {@link #next} just gave; once for each entry. */
  void copyData(DataSink sink) throws IOException;

  /**
   * Reads what is left behind the last entry and checks that the layer is what it was said to be.
   *
   * @return how much was read
   */
  Totals finish() throws IOException;

  /** The digest of the uncompressed tar, once finished; null for a layer that is not one. */
  @Nullable Digest diffId();

  /**
   * What a layer held.
   *
   * @param blobBytes bytes of the blob as stored
   * @param tarBytes bytes of the tar
   */
  record Totals(long blobBytes, long tarBytes) {}
}
