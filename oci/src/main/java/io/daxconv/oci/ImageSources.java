package io.daxconv.oci;

import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.source.SourceImage;
import io.daxconv.oci.daemon.DockerDaemon;
import io.daxconv.oci.layout.LocalSources;
import io.daxconv.oci.registry.RegistryImage;
import io.daxconv.oci.registry.RegistryReference;
import io.daxconv.oci.storage.ContainersStorage;
import java.io.IOException;

/** Opens an image, whatever it is called. */
public final class ImageSources {
  private ImageSources() {}

  /**
   * Opens an image. It is one of
   *
   * <ul>
   *   <li>{@code oci:DIR[:TAG]}, {@code oci-archive:FILE[:TAG]}: an OCI layout, or a tar of one;
   *       without TAG its only image or the one called {@code latest}
   *   <li>{@code docker-archive:FILE[:REF]}: what {@code docker save} writes; without REF its only
   *       image
   *   <li>{@code docker-daemon:REF}: an image of the Docker daemon on this machine
   *   <li>{@code containers-storage:[[DRIVER@ROOT+RUNROOT]]REF}: an image of podman, Buildah or
   *       CRI-O on this machine
   *   <li>{@code dir:ROOTFS}: a directory as the only layer, without a config
   *   <li>{@code tar:FILE}, {@code tar:-}: a tar as the only layer, perhaps compressed, without a
   *       config; {@code -} is standard input, which can be read once
   *   <li>anything else, with or without {@code docker://}: a reference to a registry
   * </ul>
   *
   * @throws SourceException if there is no such image or something in it does not hold
   * @throws RegistryException if the registry does not give it
   */
  public static SourceImage open(String image, SourceOptions options) throws IOException {
    int colon = image.indexOf(':');
    String kind = colon < 0 ? "" : image.substring(0, colon);
    String rest = image.substring(colon + 1);
    return switch (kind) {
      case "oci" -> LocalSources.oci(rest, options.platform(), options.budgets());
      case "oci-archive" -> LocalSources.ociArchive(rest, options.platform(), options.budgets());
      case "docker-archive" ->
          LocalSources.dockerArchive(rest, options.platform(), options.budgets());
      case "docker-daemon" -> DockerDaemon.open(rest, options);
      case "containers-storage" -> ContainersStorage.open(rest, options);
      case "dir" -> LocalSources.directory(rest);
      case "tar" -> LocalSources.tar(rest, options.standardInput());
      default -> RegistryImage.open(RegistryReference.parse(image), options);
    };
  }
}
