/**
 * Converted images as artifacts in registries: how they are laid out, put there, found by the image
 * that they were made of, and taken from there. What a converted image is inside is not known here.
 */
package io.daxconv.oci.publish;
