/** Images in containers/storage, where podman, Buildah and CRI-O keep them. */
package io.daxconv.oci.storage;
