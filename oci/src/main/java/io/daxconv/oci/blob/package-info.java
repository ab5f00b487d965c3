/** Blobs in files: parts of files that can be read by many at once, and the cache of downloads. */
package io.daxconv.oci.blob;
