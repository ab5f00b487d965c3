/** Images on this machine: OCI layouts, archives of them, and what {@code docker save} writes. */
package io.daxconv.oci.layout;
