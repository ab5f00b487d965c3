package io.daxconv.oci.publish;

import io.daxconv.converter.source.Digest;
import org.jspecify.annotations.Nullable;

/**
 * What a converted image says of itself, as far as it matters to who looks for one.
 *
 * @param formatVersion the version of DAXFS
 * @param pageSize the page size it is for, in bytes
 * @param views what it can be mounted as: {@code daxfs}, {@code daxfs,overlay}, {@code
 *     daxfs,overlay,erofs}
 * @param imageId the digest of the source's config, or null where it has none
 * @param platform what it runs on, {@code os/arch[/variant]}, or empty
 */
public record ImageFacts(
    int formatVersion, int pageSize, String views, @Nullable Digest imageId, String platform) {}
