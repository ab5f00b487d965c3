package io.daxconv.converter.mount;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A mount plan as a POSIX shell script: what differs between plans stands in single-quoted
 * variables at its top, everything below is the same for all plans of a kind of target.
 */
public final class ShellScript {
  private final StringBuilder script = new StringBuilder();

  private ShellScript() {}

  static String render(MountPlan plan) {
    return new ShellScript().head(plan).base(plan.target()).tail("");
  }

  /**
   * The same script with other functions in place of some of its own.
   *
   * @param functions shell, whole lines
   */
  public static String render(MountPlan plan, String functions) {
    return new ShellScript().head(plan).base(plan.target()).tail("\n" + functions);
  }

  private ShellScript head(MountPlan plan) {
    script.append(
        """
        #!/bin/sh
        # Mounts an image once and read-only, and an overlay over it for each container.
        # Made by daxconv mount-spec. As root: up (the default) mounts, down unmounts and keeps
        # what containers wrote, purge unmounts and deletes what they wrote.
        # The image is mounted as %s: %s.
        # What is shared: %s.
        %sset -eu
        umask 022

        """
            .formatted(
                plan.target().view(),
                plan.choice().reason(),
                plan.sharing().text(),
                plan.warnings().stream()
                    .map(warning -> "# Warning: " + warning + ".\n")
                    .collect(Collectors.joining())));
    set("name", plan.name());
    set("image", plan.image().toString());
    set("image_size", Long.toString(plan.imageSize()));
    set("block_size", Integer.toString(plan.blockSize()));
    Path root = plan.root();
    set("root", root.toString());
    set("root_parent", Objects.requireNonNull(root.getParent(), "parent").toString());
    set("lower", MountSteps.lower(plan));
    directories(plan);
    names(plan);
    set("upper_kind", kind(plan.options().upper()));
    set("tmpfs_options", MountSteps.tmpfsOptions(plan));
    set("overlay_options", plan.options().joined());
    return this;
  }

  /** What is elsewhere than below the root directory; empty where it is not. */
  private void directories(MountPlan plan) {
    PlanDirectories directories = plan.directories();
    set("other_base", directories.hasOtherBase() ? plan.base().toString() : "");
    set(
        "other_uppers",
        plan.hasOtherUppers() && plan.options().upper() instanceof Upper.Directory(Path uppers)
            ? uppers.toString()
            : "");
    set("other_merged", directories.hasOtherMerged() ? directories.merged().toString() : "");
  }

  /** Numbered names are counted by the script: thousands of them need no list. */
  private void names(MountPlan plan) {
    List<String> names = plan.overlays().stream().map(Overlay::name).toList();
    int count = names.size();
    if (names.equals(IntStream.rangeClosed(1, count).mapToObj(n -> "c" + n).toList())) {
      set("containers", Integer.toString(count));
      set("names", "");
    } else {
      set("containers", "0");
      set("names", String.join(" ", names));
    }
  }

  private static String kind(Upper upper) {
    return switch (upper) {
      case Upper.Directory _ -> "directory";
      case Upper.Tmpfs _ -> "tmpfs";
      case Upper.None _ -> "none";
    };
  }

  private ShellScript base(BaseTarget target) {
    switch (target) {
      case BaseTarget.Physical physical -> {
        set("address", physical.addressText());
        set("size", Long.toString(physical.size()));
        script.append('\n').append(MountProgram.BASE_PHYSICAL.text());
      }
      case BaseTarget.DeviceDax device -> {
        set("device", device.name());
        python("copy_to_device_dax", MountProgram.COPY_TO_DEVICE_DAX);
        script.append('\n').append(MountProgram.BASE_DEVICE_DAX.text());
      }
      case BaseTarget.DmaBuf dmaBuf -> {
        set("heap", dmaBuf.heap());
        python("mount_dma_buf", MountProgram.MOUNT_DMA_BUF);
        script.append('\n').append(MountProgram.BASE_DMA_BUF.text());
      }
      case BaseTarget.ImageFile _ -> {
        python("mount_erofs_file", MountProgram.MOUNT_EROFS_FILE);
        script.append('\n').append(MountProgram.BASE_FILE.text());
      }
      case BaseTarget.Pmem pmem -> {
        set("device", pmem.device());
        script.append('\n').append(MountProgram.BASE_PMEM.text());
      }
    }
    return this;
  }

  private String tail(String functions) {
    return script
        .append('\n')
        .append(MountProgram.CONTAINERS.text())
        .append(functions)
        .append("\nmain \"$@\"\n")
        .toString();
  }

  private void set(String variable, String value) {
    script.append(variable).append('=').append(quote(value)).append('\n');
  }

  private void python(String function, MountProgram program) {
    script
        .append('\n')
        .append(function)
        .append("() {\n  python3 -I - \"$@\" <<'END_OF_PYTHON'\n")
        .append(program.text())
        .append("END_OF_PYTHON\n}\n");
  }

  /** One word of shell, whatever it holds: nothing is special between single quotes but these. */
  public static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
