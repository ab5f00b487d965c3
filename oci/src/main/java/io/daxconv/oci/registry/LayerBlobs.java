package io.daxconv.oci.registry;

import io.daxconv.converter.source.BlobSource;
import io.daxconv.converter.source.Digest;
import java.io.Closeable;

/** The blobs of an image's layers. */
sealed interface LayerBlobs extends Closeable permits LayerDownloads, LayerStreams {
  /** Where a layer is read from. */
  BlobSource source(Digest digest);
}
