package io.daxconv.oci.manifest;

import java.io.IOException;

/** Where manifests and configs are fetched from. What it gives is not yet checked. */
public interface DocumentSource {
  /**
   * The bytes of a manifest or index: at most {@link Descriptor#readLimit} of them.
   *
   * @param what how complaints name it
   */
  byte[] manifest(String what, Descriptor descriptor) throws IOException;

  /** The bytes of a config, likewise. */
  byte[] config(String what, Descriptor descriptor) throws IOException;
}
