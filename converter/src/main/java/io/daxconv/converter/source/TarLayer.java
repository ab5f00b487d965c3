package io.daxconv.converter.source;

import org.jspecify.annotations.Nullable;

/**
 * A layer that is a tar stream, plain or compressed with gzip or zstd; which of them is told from
 * its bytes. Whoever reads the layer checks it against the digest, the size and the diff_id given
 * here.
 *
 * @param label how messages name it
 * @param digest what the blob's bytes must hash to, or null where nobody says
 * @param size how many bytes the blob must have, or -1 where nobody says
 * @param diffId what the uncompressed tar must hash to, or null where nobody says
 * @param blob the bytes
 */
public record TarLayer(
    String label, @Nullable Digest digest, long size, @Nullable Digest diffId, BlobSource blob)
    implements Layer {}
