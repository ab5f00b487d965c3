package io.daxconv.converter.load;

import io.daxconv.converter.source.Digest;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an image lies, or would lie.
 *
 * @param target as the user named it
 * @param place the file or device
 * @param size the image's bytes
 * @param capacity the target's bytes; {@link Long#MAX_VALUE} if as many as are needed
 * @param sha256 of what the target holds, read back; null if nothing was written
 * @param range the image's addresses, if they are known
 * @param mountCommand how it is mounted by hand; null if only by descriptor
 * @param kernelCommandLine what makes a kernel take it as its root; null if nothing does
 * @param mounted the directory where it is mounted, or null
 * @param remarks what keeps this machine from mounting it
 */
public record LoadResult(
    LoadTarget target,
    Path place,
    long size,
    long capacity,
    @Nullable Digest sha256,
    @Nullable PhysicalRange range,
    @Nullable String mountCommand,
    @Nullable String kernelCommandLine,
    @Nullable Path mounted,
    List<String> remarks) {
  public LoadResult {
    remarks = List.copyOf(remarks);
  }
}
