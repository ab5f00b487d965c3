package io.daxconv.cli.it.differential;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  /** Directories in which a path makes another one that no entry need describe. */
  final Set<String> impliedIn = new HashSet<>();

  /** Directories with an opaque mark. */
  final Set<String> opaque = new HashSet<>();

  /** Symlinks of lower layers that a path goes through, and where they lead. */
  final Set<String> followed = new HashSet<>();

  /** Whether a path goes through a symlink of a lower layer. */
  boolean throughLowerSymlink;

  /** Whether a path goes through a symlink of its own layer, and is another one than written. */
  boolean throughOwnSymlink;

  /** Whether a hard link's target goes through its own layer's directory over a lower symlink. */
  boolean linkBelowOwnDirectory;

  /** Whether a path goes through a hard link of its own layer. */
  boolean throughOwnLink;

  /** Whether a path goes through a file of a lower layer. */
  boolean throughLowerFile;

  /** Whether the way to a hard link's target leads through the link's own path. */
  boolean linkOverItsWay;

  /** Whether a hard link leads below a path at which its own layer has a file. */
  boolean linkBelowFile;

  /** Whether a hard link leads to what a whiteout of its own layer hides. */
  boolean linkToHidden;

  Facts(Stack stack, long started) {
    this.stack = stack;
    this.started = started;
    Map<String, String> symlinks = new HashMap<>();
    Map<String, String> targets = new HashMap<>();
    Set<String> files = new HashSet<>();
    for (List<Step> layer : stack.layers()) {
      new LayerFacts(symlinks, files).add(layer);
      for (Step step : layer) {
        if (step.type() != '5' && !step.isWhiteout()) {
          // A hard link may be to a symlink.
          if (step.type() == '2') {
            symlinks.put(step.path(), step.leadsTo());
            targets.put(step.path(), step.link());
          } else if (step.type() == '1') {
            // It may be another name of a symlink, which leads from where it stands.
            String target = targets.getOrDefault(step.link(), "/" + step.link());
            symlinks.put(step.path(), step.leadsTo(target));
            targets.put(step.path(), target);
          }
          files.add(step.path());
        }
      }
    }
  }

  /** The facts of one layer over what is below it. */
  private final class LayerFacts {
    private final Map<String, String> symlinks;
    private final Set<String> files;
    private final Set<String> ownLeaves = new HashSet<>();
    private final Set<String> ownSymlinks = new HashSet<>();
    private final Map<String, String> ownPlaces = new HashMap<>();
    private final Set<String> ownLinks = new HashSet<>();
    private final Set<String> ownDirectories = new HashSet<>();
    private final Set<String> hidden = new HashSet<>();

    /** Whether a whiteout's path goes through a symlink of the layer. */
    private boolean hidesElsewhere;

    LayerFacts(Map<String, String> symlinks, Set<String> files) {
      this.symlinks = symlinks;
      this.files = files;
    }

    void add(List<Step> layer) {
      for (Step step : layer) {
        if (step.isOpaque()) {
          hidden.add(step.parent() + "/");
          opaque.add(step.parent());
        } else if (step.isWhiteout()) {
          hidden.add(step.hidden());
        }
      }
      for (Step step : layer) {
        if (AUFS.matcher(step.path()).find()) {
          aufs.addAll(Step.prefixes(step.path()));
        }
        way(step.parent());
        for (String directory : Step.prefixes(step.parent())) {
          impliedIn.add(directory.substring(0, Math.max(0, directory.lastIndexOf('/'))));
        }
        if (step.type() == '1') {
          linkOverItsWay |= step.link().startsWith(step.path() + "/");
          linkToHidden |= hidesElsewhere || isHidden(step.link());
          String directory = step.link().substring(0, Math.max(0, step.link().lastIndexOf('/')));
          way(directory);
          linkBelowOwnDirectory |=
              Step.prefixes(directory).stream()
                  .anyMatch(
                      prefix -> symlinks.containsKey(prefix) && ownDirectories.contains(prefix));
          linkBelowFile |= Step.prefixes(directory).stream().anyMatch(ownLeaves::contains);
        }
        if (step.isWhiteout()) {
          hidesElsewhere |= Step.prefixes(step.parent()).stream().anyMatch(ownSymlinks::contains);
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
          if (step.type() == '2') {
            ownPlaces.put(step.path(), step.leadsTo());
          }
        }
      }
    }

    private void directory(String path) {
      ownDirectories.add(path);
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

    /** A symlink, where it leads, and where symlinks on that way lead. */
    private void follow(String path) {
      Set<String> seen = new HashSet<>();
      Deque<String> left = new ArrayDeque<>(List.of(path));
      while (!left.isEmpty()) {
        String next = left.pop();
        String place = ownPlaces.getOrDefault(next, symlinks.get(next));
        if (place != null && seen.add(next)) {
          followed.add(next);
          followed.add(place);
          left.addAll(Step.prefixes(place));
        }
      }
    }

    /** Looks at the directories on the way to an entry. */
    private void way(String directory) {
      for (String prefix : Step.prefixes(directory)) {
        throughLowerFile |= files.contains(prefix);
        throughOwnLink |= ownLinks.contains(prefix);
        throughOwnSymlink |= ownSymlinks.contains(prefix);
        throughLowerSymlink |= symlinks.containsKey(prefix);
        follow(prefix);
        // Where a symlink of the layer itself leads, there may be one of a lower layer.
        if (ownSymlinks.contains(prefix) && !symlinks.isEmpty()) {
          throughLowerSymlink = true;
          symlinks.keySet().forEach(this::follow);
        }
      }
    }
  }
}
