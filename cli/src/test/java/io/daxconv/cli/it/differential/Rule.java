package io.daxconv.cli.it.differential;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may differ between daxconv and umoci 0.4.7. Each rule says why, and is as narrow as what is
 * known of a stack without flattening it. docs/differential.md lists them.
 */
public enum Rule {
  /**
   * A directory that no entry describes has no time: umoci shows when it was unpacked; daxconv
   * shows what the layers say, which is nothing. The same where umoci adds a directory that a path
   * implies, or takes away what an opaque mark hides further down, without putting back the time of
   * the directory above.
   */
  TIME_OF_UNPACKING(
      (facts, difference) ->
          difference.field().equals("mtime")
              && both(difference, 'd')
              && isAfter(facts.started, difference.theirs())
              && (isImplied(difference.ours())
                  || facts.throughOwnSymlink
                  || facts.impliedIn.contains(difference.path().substring(1))
                  || facts.hiddenAndMade.contains(difference.path().substring(1))
                  || isBelow(facts.opaque, difference.path()))),

  /** mkdir(2) in a directory with the set-group-ID bit hands down bit and group; layers do not. */
  SET_GROUP_ID_HANDED_DOWN(
      (facts, difference) ->
          Set.of("mode", "owner").contains(difference.field())
              && both(difference, 'd')
              && isImplied(difference.ours())
              && difference.theirs() != null
              && difference.theirs().mode() == 02755
              && difference.theirs().owner().startsWith("0:")),

  /** Go's archive/tar does not know libarchive's xattrs. */
  LIBARCHIVE_XATTR(
      (facts, difference) ->
          difference.field().equals("xattrs") && sameXattrs(difference, "user.libarchive=")),

  /** What steers an overlayfs is no part of an image: daxconv leaves it out and says so. */
  OVERLAY_XATTR(
      (facts, difference) ->
          difference.field().equals("xattrs")
              && sameXattrs(difference, "user.overlay.", "trusted.overlay.", "user.libarchive=")),

  /**
   * A PAX record without a value takes back an earlier one; for Go's archive/tar that holds for
   * xattrs too, though there an empty value is one.
   */
  EMPTY_XATTR(
      (facts, difference) ->
          difference.field().equals("xattrs")
              && sameXattrs(
                  difference, "user.overlay.", "trusted.overlay.", "user.libarchive=", "=$")),

  /** AUFS's own files are no part of an image; to umoci they are whiteouts, or files below one. */
  AUFS_FILES(
      (facts, difference) ->
          difference.field().equals("only umoci")
              && facts.aufs.contains(difference.path().substring(1))),

  /**
   * A layer is a tree of its own, in which the last entry of a path counts; umoci does one entry
   * after another, so that a file which the same layer then replaces by a directory hides what
   * lower layers have below it.
   */
  REPLACED_WITHIN_LAYER(
      (facts, difference) -> isBelow(facts.replacedWithinLayer, difference.path())),

  /**
   * A layer's directory that the same layer whites out starts anew, metadata too; umoci leaves the
   * lower one's metadata.
   */
  WHITEOUT_KEEPS_METADATA(
      (facts, difference) ->
          Set.of("mode", "owner", "mtime", "xattrs").contains(difference.field())
              && both(difference, 'd')
              && isImplied(difference.ours())
              && facts.hiddenAndMade.contains(difference.path().substring(1))),

  /**
   * A layer's directory replaces a lower layer's symlink, as in container runtimes; umoci follows
   * the symlink. So they differ at the symlink, where it leads, and on the way there, if only in
   * the names of what is linked there.
   */
  LOWER_SYMLINK_FOLLOWED(
      (facts, difference) ->
          difference.field().equals("links")
              ? facts.throughLowerSymlink
              : isNear(facts.followed, difference.path().substring(1)));

  /** What only one of the two refuses. */
  public enum Refusal {
    /** A layer's directory replaces a lower layer's file; umoci makes no directory over a file. */
    DIRECTORY_OVER_LOWER_FILE(false, "(?s).*: not a directory", facts -> facts.throughLowerFile),

    /**
     * umoci knows types 0 to 6 only; tar(5) has 7 as a regular file, S as a sparse one of GNU's.
     */
    TYPE_NOT_KNOWN(false, "(?s).*unknown typeflag '.x(37|53)'", facts -> true),

    /** As in {@link Rule#AUFS_FILES}, where the layer has a file in the way. */
    AUFS_BELOW_FILE(false, "(?s).*: not a directory", facts -> !facts.aufs.isEmpty()),

    /**
     * The way to a link's target leads through what the link takes the place of, and which umoci
     * has removed by then; where the target itself is there, daxconv refuses too.
     */
    LINK_OVER_ITS_WAY(
        false, "(?s).*link: no such file or directory", facts -> facts.linkOverItsWay),

    /**
     * Whiteouts are about lower layers in whichever order; umoci has removed the target already.
     */
    LINK_TO_HIDDEN(false, "(?s).*link: no such file or directory", facts -> facts.linkToHidden),

    /** Lower layers are what they are, also where the link's layer has a file in the way. */
    LINK_BELOW_FILE(false, "(?s).*link: not a directory", facts -> facts.linkBelowFile),

    /** As in {@link Rule#REPLACED_WITHIN_LAYER}: what is hidden cannot be linked to. */
    LINK_BELOW_REPLACED(
        false,
        "(?s).*link: no such file or directory",
        facts -> !facts.replacedWithinLayer.isEmpty()),

    /** As in {@link Rule#LOWER_SYMLINK_FOLLOWED}: the symlink leads nowhere, or in a circle. */
    LOWER_SYMLINK_LEADS_NOWHERE(
        false,
        "(?s).*: (too many levels of symbolic links|no such file or directory|not a directory"
            + "|file exists|operation not permitted)",
        facts -> facts.throughLowerSymlink),

    /** A path or a link's target that leaves the root is an error; umoci stops at the root. */
    LEAVES_ROOT(true, ".*expected it to stay below the root, but it leaves it", facts -> true),

    /** A whiteout of nothing that has a name is an error. */
    WHITEOUT_WITHOUT_NAME(true, ".*expected a name after \\.wh\\., found .*", facts -> true),

    /**
     * A name too long for Linux is an error wherever it stands; umoci does not need a whiteout's.
     */
    NAME_TOO_LONG(true, ".*name too long: .*", facts -> true),

    /**
     * As in {@link Rule#LOWER_SYMLINK_FOLLOWED}: the symlink on the way to a hard link's target is
     * one that the link's layer has replaced by a directory.
     */
    LINK_BELOW_OWN_DIRECTORY(
        true,
        ".*expected its target in this layer or a lower one, found nothing at .*",
        facts -> facts.linkBelowOwnDirectory),

    /** Only when all layers are read is it known that a hard link of the layer is to a symlink. */
    PATH_THROUGH_LINKED_SYMLINK(
        true,
        ".*to be a directory, but this layer has it as a hard link to a lower layer's file",
        facts -> facts.throughOwnLink),

    /** The link's own path makes its target a directory; umoci follows the lower symlink there. */
    LINK_TO_OWN_PARENT(
        true, ".*expected a file, found a directory", facts -> facts.throughLowerSymlink);

    private final boolean daxconvs;
    private final String message;

    @SuppressWarnings("ImmutableEnumChecker")
    private final java.util.function.Predicate<Facts> holds;

    Refusal(boolean daxconvs, String message, java.util.function.Predicate<Facts> holds) {
      this.daxconvs = daxconvs;
      this.message = message;
      this.holds = holds;
    }

    /** The first rule by which only one refuses a stack, or null. */
    static @Nullable Refusal of(Facts facts, boolean daxconvs, String message) {
      return Arrays.stream(values())
          .filter(rule -> rule.daxconvs == daxconvs && message.matches(rule.message))
          .filter(rule -> rule.holds.test(facts))
          .findFirst()
          .orElse(null);
    }
  }

  @SuppressWarnings("ImmutableEnumChecker")
  private final BiPredicate<Facts, Comparison.Difference> excuses;

  Rule(BiPredicate<Facts, Comparison.Difference> excuses) {
    this.excuses = excuses;
  }

  /** The first rule that excuses a difference, or null. */
  static @Nullable Rule of(Facts facts, Comparison.Difference difference) {
    return Arrays.stream(values())
        .filter(rule -> rule.excuses.test(facts, difference))
        .findFirst()
        .orElse(null);
  }

  private static boolean both(Comparison.Difference difference, char type) {
    Flattened.Found ours = difference.ours();
    Flattened.Found theirs = difference.theirs();
    return ours != null && theirs != null && ours.type() == type && theirs.type() == type;
  }

  private static boolean isAfter(long nanos, Flattened.@Nullable Found found) {
    return found != null && new BigInteger(found.mtime()).compareTo(BigInteger.valueOf(nanos)) >= 0;
  }

  private static boolean isImplied(Flattened.@Nullable Found found) {
    return found != null
        && found.mode() == 0755
        && found.owner().equals("0:0")
        && found.mtime().equals("0")
        && found.xattrs().isEmpty();
  }

  /** Whether a path is one of these, below it, or on the way to it. */
  private static boolean isNear(Set<String> places, String path) {
    return places.stream()
        .anyMatch(
            place ->
                path.isEmpty()
                    || place.isEmpty()
                    || (path + "/").startsWith(place + "/")
                    || (place + "/").startsWith(path + "/"));
  }

  private static boolean isBelow(Set<String> directories, String path) {
    return Step.prefixes(path.substring(1)).stream().anyMatch(directories::contains);
  }

  /** Whether xattrs are the same but for some, by how they start, or end where a {@code $} is. */
  private static boolean sameXattrs(Comparison.Difference difference, String... left) {
    Flattened.Found ours = difference.ours();
    Flattened.Found theirs = difference.theirs();
    return ours != null
        && theirs != null
        && without(ours.xattrs(), left).equals(without(theirs.xattrs(), left));
  }

  private static String without(String xattrs, String... left) {
    return Arrays.stream(xattrs.split(",", -1))
        .filter(
            xattr ->
                Arrays.stream(left)
                    .noneMatch(
                        part ->
                            part.endsWith("$")
                                ? xattr.endsWith(part.substring(0, part.length() - 1))
                                : xattr.startsWith(part)))
        .collect(Collectors.joining(","));
  }
}
