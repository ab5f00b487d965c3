/**
 * Registries (distribution-spec 1.1, Docker's token authentication): HTTP, redirects, retries,
 * authentication, downloads.
 */
package io.daxconv.oci.registry;
