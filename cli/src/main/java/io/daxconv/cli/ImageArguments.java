package io.daxconv.cli;

import io.daxconv.converter.Budgets;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.oci.SourceListener;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** An image as a command's argument. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ImageArguments {
  @Parameters(
      paramLabel = "IMAGE",
      description = {
        "a registry reference, with or without docker://, such as debian:12",
        "oci:DIR[:TAG]              an OCI layout",
        "oci-archive:FILE[:TAG]     a tar of one",
        "docker-archive:FILE[:REF]  what docker save writes",
        "dir:ROOTFS                 a directory",
        "tar:FILE, tar:-            one flat tar, from a file or standard input"
      })
  private String image;

  @Mixin private SourceArguments source;

  SourceImage open(Streams streams, Budgets budgets, SourceListener listener) throws IOException {
    return source.open(image, streams, budgets, listener);
  }
}
