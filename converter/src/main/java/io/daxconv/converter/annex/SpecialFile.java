package io.daxconv.converter.annex;

/**
 * A device, FIFO or socket that the DAXFS tree cannot hold.
 *
 * @param path the path, escaped, starting with {@code /}
 * @param type {@code character-device}, {@code block-device}, {@code fifo} or {@code socket}
 * @param permissions the low twelve bits of the mode
 * @param uid the owner, unsigned 32 bits
 * @param gid the group, unsigned 32 bits
 * @param major 0 where it has none
 * @param minor 0 where it has none
 */
public record SpecialFile(
    String path, String type, int permissions, long uid, long gid, long major, long minor) {}
