package io.daxconv.converter.layer;

import org.jspecify.annotations.Nullable;

/**
 * One entry of a layer, decoded but not interpreted: its path is as the layer has it.
 *
 * @param type what it makes
 * @param path the path's bytes
 * @param target the target of a symlink or hard link; empty for others
 * @param size bytes of a regular file, holes included; 0 for others
 * @param sparse where the stored bytes of a sparse file belong, or null if it has no holes
 * @param permissions the low twelve bits of the mode
 * @param uid the owner, unsigned 32 bits
 * @param gid the group, unsigned 32 bits
 * @param mtimeSeconds seconds since 1970, may be negative
 * @param mtimeNanos 0 to 999,999,999, counted up from {@code mtimeSeconds}
 * @param major of a device, else 0
 * @param minor of a device, else 0
 * @param xattrs extended attributes
 */
@SuppressWarnings("ArrayRecordComponent")
public record LayerEntry(
    EntryType type,
    byte[] path,
    byte[] target,
    long size,
    @Nullable SparseMap sparse,
    int permissions,
    int uid,
    int gid,
    long mtimeSeconds,
    int mtimeNanos,
    int major,
    int minor,
    Xattrs xattrs) {}
