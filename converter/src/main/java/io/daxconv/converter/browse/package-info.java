/**
 * Reading an image without mounting it: one tree, whichever view it is read through. Only what is
 * asked for is read: of a path, the directories on the way; of a directory, its own entries.
 */
package io.daxconv.converter.browse;
