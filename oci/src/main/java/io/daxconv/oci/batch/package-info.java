/**
 * Many images of a registry, one after another: which there are, and how they share their layers.
 */
package io.daxconv.oci.batch;
