package io.daxconv.converter.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.ImageConfig;
import io.daxconv.converter.source.Layer;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.source.Provenance;
import io.daxconv.converter.source.SourceImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Images in memory, for tests. */
public final class TestImages {
  /** What images are said to be found as. */
  public static final String REFERENCE = "registry.example/app:1";

  private TestImages() {}

  private record Image(Provenance provenance, @Nullable ImageConfig config, List<Layer> layers)
      implements SourceImage {
    @Override
    public void close() {}
  }

  /** An image without a config, with uncompressed layers, oldest first. */
  public static SourceImage of(byte[]... tars) {
    return of(Arrays.stream(tars).map(TestBlob::plain).toArray(TestBlob[]::new));
  }

  /** An image without a config, oldest layer first. */
  public static SourceImage of(TestBlob... blobs) {
    return image(null, layers(blobs));
  }

  /** An image without a config, of any layers, oldest first. */
  public static SourceImage of(Layer... layers) {
    return image(null, List.of(layers));
  }

  /** An image for linux/amd64 with this document as its config, oldest layer first. */
  public static SourceImage withConfig(String json, TestBlob... blobs) {
    List<Digest> diffIds =
        Arrays.stream(blobs).map(TestBlob::diffId).filter(Objects::nonNull).toList();
    Digest digest = Digest.sha256(json.getBytes(StandardCharsets.UTF_8));
    try {
      ImageConfig config =
          new ImageConfig(
              digest,
              new Platform("linux", "amd64", null),
              diffIds,
              new ObjectMapper().readTree(json));
      return image(config, layers(blobs));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  private static SourceImage image(@Nullable ImageConfig config, List<Layer> layers) {
    return new Image(new Provenance(REFERENCE, null, null, List.of()), config, layers);
  }

  private static List<Layer> layers(TestBlob... blobs) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < blobs.length; i++) {
      layers.add(blobs[i].layer("layer " + (i + 1) + " of " + blobs.length));
    }
    return layers;
  }
}
