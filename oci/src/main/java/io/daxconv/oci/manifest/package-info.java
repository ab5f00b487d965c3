/**
 * Manifests, indexes and configs as image-spec and Docker's schema 2 define them: read strictly,
 * bounded and checked against their descriptors, wherever they come from.
 */
package io.daxconv.oci.manifest;
