package io.daxconv.oci;

final class ImageSources {
  private ImageSources() {}
}
