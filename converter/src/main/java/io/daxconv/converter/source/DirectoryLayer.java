package io.daxconv.converter.source;

import java.nio.file.Path;

/**
 * A directory of this machine, taken as the only layer of an image.
 *
 * @param label how messages name it
 * @param root the directory
 */
public record DirectoryLayer(String label, Path root) implements Layer {}
