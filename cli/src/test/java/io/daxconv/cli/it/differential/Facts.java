package io.daxconv.cli.it.differential;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a stack has that flatteners understand differently, by its paths as they are written. Where
 * symlinks lead is not followed, so that some of it is said of stacks that do not have it; what
 * matters is that none is missing.
 */
final class Facts {
  private static final Pattern AUFS = Pattern.compile("(^|/)\\.wh\\.\\.wh\\.(aufs|plnk|orph)(/|$)");

  final Stack stack;
  final long started;

  /** Paths that one layer over others makes a directory after it has made them something else. */
  final Set<String> replacedWithinLayer = new HashSet<>();

  /** Paths of AUFS's own files, and directories on the way to them. */
  final Set<String> aufs = new HashSet<>();

  /** Directories that one layer hides and has as well. */
  final Set<String> hiddenAndMade = new HashSet<>();

  /** Whether a path goes through a symlink of a lower layer. */
  boolean throughLowerSymlink;

  /** Whether a path goes through a hard link of its own layer. */
  boolean throughOwnLink;

  /** Whether a path goes through a file of a lower layer. */
  boolean throughLowerFile;

  /** Whether a hard link leads to its own path, or below it. */
  boolean linkToItself;

  /** Whether a hard link leads below a path at which its own layer has a file. */
  boolean linkBelowFile;

  /** Whether a hard link leads to what a whiteout of its own layer hides. */
  boolean linkToHidden;

  Facts(Stack stack, long started) {
    this.stack = stack;
    this.started = started;
    Set<String> symlinks = new HashSet<>();
    Set<String> files = new HashSet<>();
    for (List<Step> layer : stack.layers()) {
      new LayerFacts(symlinks, files).add(layer);
      for (Step step : layer) {
        if (step.type() != '5' && !step.isWhiteout()) {
          // A hard link may be to a symlink.
          (step.type() == '2' || step.type() == '1' ? symlinks : files).add(step.path());
          files.add(step.path());
        }
      }
    }
  }

  /** The facts of one layer over what is below it. */
  private final class LayerFacts {
    private final Set<String> symlinks;
    private final Set<String> files;
    private final Set<String> ownLeaves = new HashSet<>();
    private final Set<String> ownSymlinks = new HashSet<>();
    private final Set<String> ownLinks = new HashSet<>();
    private final Set<String> hidden = new HashSet<>();

    LayerFacts(Set<String> symlinks, Set<String> files) {
      this.symlinks = symlinks;
      this.files = files;
    }

    void add(List<Step> layer) {
      for (Step step : layer) {
        if (step.isOpaque()) {
          hidden.add(step.parent() + "/");
        } else if (step.isWhiteout()) {
          hidden.add(step.hidden());
        }
      }
      for (Step step : layer) {
        if (AUFS.matcher(step.path()).find()) {
          aufs.addAll(Step.prefixes(step.path()));
        }
        way(step.parent());
        if (step.type() == '1') {
          linkToItself |= (step.link() + "/").startsWith(step.path() + "/");
          linkToHidden |= isHidden(step.link());
          String directory = step.link().substring(0, Math.max(0, step.link().lastIndexOf('/')));
          way(directory);
          linkBelowFile |= Step.prefixes(directory).stream().anyMatch(ownLeaves::contains);
        }
        if (step.isWhiteout()) {
          continue;
        }
        for (String directory : Step.prefixes(step.parent())) {
          directory(directory);
        }
        if (step.type() == '5') {
          directory(step.path());
        } else {
          ownLeaves.add(step.path());
          if (step.type() == '1') {
            ownLinks.add(step.path());
          }
          if (step.type() == '2' || step.type() == '1') {
            ownSymlinks.add(step.path());
          }
        }
      }
    }

    private void directory(String path) {
      if (ownLeaves.contains(path)) {
        replacedWithinLayer.add(path);
      }
      if (isHidden(path)) {
        hiddenAndMade.add(path);
      }
    }

    private boolean isHidden(String path) {
      return Step.prefixes(path).stream()
          .anyMatch(
              prefix ->
                  hidden.contains(prefix)
                      || hidden.contains(
                          prefix.substring(0, Math.max(0, prefix.lastIndexOf('/'))) + "/"));
    }

    /** Looks at the directories on the way to an entry. */
    private void way(String directory) {
      for (String prefix : Step.prefixes(directory)) {
        throughLowerFile |= files.contains(prefix);
        throughOwnLink |= ownLinks.contains(prefix);
        throughLowerSymlink |= symlinks.contains(prefix);
        // Where a symlink of the layer itself leads, there may be one of a lower layer.
        throughLowerSymlink |= ownSymlinks.contains(prefix) && !symlinks.isEmpty();
      }
    }
  }
}
