/**
 * Where an image is looked for: mirrors, other locations, certificates and proxies, as the
 * configuration files of containers and containerd and the environment have them.
 */
package io.daxconv.oci.hosts;
