package io.daxconv.oci.layout;

import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.Provenance;
import io.daxconv.converter.source.SourceImage;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image whose bytes are all on this machine.
 *
 * @param files what is to be closed with it
 */
public record LocalImage(
    Provenance provenance, @Nullable ImageConfig config, List<Layer> layers, Closeable files)
    implements SourceImage {
  public LocalImage {
    layers = List.copyOf(layers);
  }

  @Override
  public void close() throws IOException {
    files.close();
  }
}
