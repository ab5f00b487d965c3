package io.daxconv.converter.tree;

import io.daxconv.converter.layer.Xattrs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds a number to all owners and groups, those in ACLs and in file capabilities of a namespace
 * too: for containers whose user namespace starts at that number, where a mount cannot map ids.
 */
public final class OwnerShift {
  /** The largest id: 4294967295 is no id for the kernel (chown(2)). */
  public static final long LARGEST_ID = 0xffff_fffeL;

  /** ACL_USER and ACL_GROUP in linux/posix_acl.h; other entries have no id. */
  private static final int ACL_USER = 2;

  private static final int ACL_GROUP = 8;

  /** Version, then tag, permissions and id for each entry (linux/posix_acl_xattr.h). */
  private static final int ACL_HEADER = 4;

  private static final int ACL_ENTRY = 8;

  /** VFS_CAP_REVISION_3 in linux/capability.h, with the id of the namespace's root behind. */
  private static final int CAPABILITY_REVISION_3 = 0x03000000;

  private static final int CAPABILITY_SIZE_3 = 24;
  private static final int CAPABILITY_ROOT = 20;

  private final long by;
  private final IdentityHashMap<Attributes, Attributes> shifted = new IdentityHashMap<>();

  /** Adds this number, from 0 to {@link #LARGEST_ID}. */
  public OwnerShift(long by) {
    this.by = by;
  }

  /**
   * Shifts the ids of one node, which must not be shifted twice.
   *
   * @throws FlattenException if one would be larger than {@link #LARGEST_ID}; the message names the
   *     id and no path
   */
  public void shift(Node node) throws FlattenException {
    Attributes before = node.attributes();
    Attributes after = shifted.get(before);
    if (after == null) {
      after =
          new Attributes(
              before.permissions(), id(before.uid()), id(before.gid()), xattrs(before.xattrs()));
      shifted.put(before, after);
    }
    node.setAttributes(after);
  }

  private int id(int id) throws FlattenException {
    long sum = Integer.toUnsignedLong(id) + by;
    if (sum > LARGEST_ID) {
      throw new FlattenException(
          "expected owners of at most "
              + (LARGEST_ID - by)
              + ", to which "
              + by
              + " can be added, found "
              + Integer.toUnsignedString(id));
    }
    return (int) sum;
  }

  private Xattrs xattrs(Xattrs before) throws FlattenException {
    if (before.isEmpty()) {
      return before;
    }
    TreeMap<String, byte[]> after = new TreeMap<>(before.byName());
    for (Map.Entry<String, byte[]> xattr : after.entrySet()) {
      switch (xattr.getKey()) {
        case "system.posix_acl_access", "system.posix_acl_default" ->
            xattr.setValue(acl(xattr.getValue()));
        case "security.capability" -> xattr.setValue(capability(xattr.getValue()));
        default -> {}
      }
    }
    return Xattrs.of(after);
  }

  private byte[] acl(byte[] value) throws FlattenException {
    ByteBuffer acl = ByteBuffer.wrap(value.clone()).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = ACL_HEADER; at + ACL_ENTRY <= value.length; at += ACL_ENTRY) {
      int tag = acl.getShort(at);
      if (tag == ACL_USER || tag == ACL_GROUP) {
        acl.putInt(at + 4, id(acl.getInt(at + 4)));
      }
    }
    return acl.array();
  }

  private byte[] capability(byte[] value) throws FlattenException {
    ByteBuffer capability = ByteBuffer.wrap(value.clone()).order(ByteOrder.LITTLE_ENDIAN);
    if (value.length == CAPABILITY_SIZE_3
        && (capability.getInt(0) & 0xff000000) == CAPABILITY_REVISION_3) {
      capability.putInt(CAPABILITY_ROOT, id(capability.getInt(CAPABILITY_ROOT)));
    }
    return capability.array();
  }
}
