/** Images of a Docker daemon on this machine. */
package io.daxconv.oci.daemon;
