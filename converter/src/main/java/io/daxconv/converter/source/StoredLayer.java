package io.daxconv.converter.source;

import io.daxconv.converter.stored.StoredLayerFile;

/**
 * A layer that an earlier reading has checked and kept.
 *
 * @param label how messages name it
 * @param file what is kept of it; whoever opened it closes it
 */
public record StoredLayer(String label, StoredLayerFile file) implements Layer {}
