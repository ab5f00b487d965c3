package io.daxconv.converter.mount;

import io.daxconv.converter.text.Escapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the overlays of a plan are mounted (Linux, Documentation/filesystems/overlayfs.rst). {@code
 * index} and {@code nfs_export} are never used: they need file handles, which DAXFS has not.
 *
 * @param upper where containers write
 * @param volatileUpper nothing is synced: after a crash, upper is lost
 * @param metacopy a change of owner or mode copies no data up; needs {@code redirect_dir=on}
 * @param redirectDir whether directories of the base can be renamed
 * @param xino whether inode numbers are lasting and on one device number
 * @param userxattr overlayfs's xattrs are {@code user.overlay.}, as in a user namespace
 * @param context the SELinux context that all files show, or null for each file's own
 * @param idMapping ids of the image as others of the host, or null for the same
 */
public record OverlayOptions(
    Upper upper,
    boolean volatileUpper,
    boolean metacopy,
    RedirectDir redirectDir,
    Xino xino,
    boolean userxattr,
    @Nullable String context,
    @Nullable IdMapping idMapping) {

  /** The values of {@code redirect_dir}. */
  public enum RedirectDir {
    /** Renames of directories work. */
    ON,
    /** Those made before are followed; new ones fail with EXDEV. */
    FOLLOW,
    /** None are followed, none are made. */
    NOFOLLOW,
    /** As the kernel is configured: one of the two before. */
    OFF;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The values of {@code xino}. */
  public enum Xino {
    ON,
    /** Where the layers' inode numbers leave room. */
    AUTO,
    OFF;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Pattern CONTEXT = Pattern.compile("[A-Za-z0-9_.:,-]{1,255}");

  /**
   * What a plan has unless something else is asked for. {@code redirect_dir} lets a container
   * rename directories of the base, {@code xino} gives files and directories one device number and
   * lasting inode numbers, for programs such as {@code du -x}.
   */
  public static OverlayOptions standard(Upper upper) {
    return new OverlayOptions(upper, false, false, RedirectDir.ON, Xino.ON, false, null, null);
  }

  OverlayOptions with(Upper other) {
    return new OverlayOptions(
        other, volatileUpper, metacopy, redirectDir, xino, userxattr, context, idMapping);
  }

  /**
   * Refuses what the kernel would refuse (fs/overlayfs/params.c, ovl_fs_params_verify).
   *
   * @throws MountPlanException if options contradict each other
   */
  void check(ImageView view) throws MountPlanException {
    if (upper instanceof Upper.None
        && (volatileUpper || metacopy || userxattr || context != null)) {
      throw new MountPlanException(
          "overlay options: expected none of volatile, metacopy, userxattr and context for"
              + " containers without an upper, which have no overlay; found "
              + String.join(",", list()));
    }
    if (userxattr && (metacopy || redirectDir != RedirectDir.NOFOLLOW)) {
      throw new MountPlanException(
          "overlay options: expected redirect_dir=nofollow and no metacopy with userxattr, found "
              + String.join(",", list()));
    }
    if (metacopy && redirectDir != RedirectDir.ON) {
      throw new MountPlanException(
          "overlay options: expected redirect_dir=on with metacopy=on, found redirect_dir="
              + redirectDir);
    }
    if (context != null && !CONTEXT.matcher(context).matches()) {
      throw new MountPlanException(
          "SELinux context: expected one such as system_u:object_r:container_file_t:s0, found "
              + Escapes.quote(context));
    }
    if (idMapping != null && view == ImageView.DAXFS) {
      throw new MountPlanException(
          "id mapping: expected the EROFS view: the kernel has no id-mapped mounts of DAXFS");
    }
  }

  /** The options beside the directories, each as fsconfig(2) takes it: {@code key=value} or key. */
  public List<String> list() {
    List<String> options = new ArrayList<>();
    options.add("redirect_dir=" + redirectDir);
    options.add("xino=" + xino);
    if (metacopy) {
      options.add("metacopy=on");
    }
    if (volatileUpper) {
      options.add("volatile");
    }
    if (userxattr) {
      options.add("userxattr");
    }
    if (context != null) {
      options.add("context=" + context);
    }
    return List.copyOf(options);
  }

  /**
   * The same in one string for mount(2) and mount(8), which both let a context have commas between
   * double quotes.
   */
  String joined() {
    return String.join(
        ",",
        list().stream()
            .map(
                option ->
                    option.startsWith("context=")
                        ? "context=\"" + option.substring("context=".length()) + "\""
                        : option)
            .toList());
  }
}
