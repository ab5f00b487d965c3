/**
 * Opens container images wherever they are kept, for {@code io.daxconv.converter} to flatten.
 *
 * <p>{@link io.daxconv.oci.ImageSources#open} takes a registry reference, {@code oci:}, {@code
 * oci-archive:}, {@code docker-archive:}, {@code dir:} or {@code tar:} and gives a {@link
 * io.daxconv.converter.source.SourceImage}: the config and the layers, oldest first. Indexes,
 * manifests and configs are checked against digests and sizes before anything in them is believed;
 * whoever reads a layer checks it, and the cache of downloaded blobs holds nothing unchecked.
 *
 * <p>Failures are {@link io.daxconv.converter.source.SourceException}s, or {@link
 * io.daxconv.oci.RegistryException}s where a registry is to blame; plain {@link
 * java.io.IOException}s come from the operating system. The formats are those of the OCI's
 * image-spec 1.1 and distribution-spec 1.1, Docker's image manifest version 2, schema 2, and what
 * {@code docker save} writes.
 */
package io.daxconv.oci;
