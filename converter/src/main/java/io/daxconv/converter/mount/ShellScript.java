package io.daxconv.converter.mount;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A mount plan as a POSIX shell script: what differs between plans stands in single-quoted
 * variables at its top, everything below is the same for all plans of a kind of target.
 */
final class ShellScript {
  private final StringBuilder script = new StringBuilder();

  private ShellScript() {}

  static String render(MountPlan plan) {
    return new ShellScript().head(plan).base(plan.target()).tail();
  }

  private ShellScript head(MountPlan plan) {
    script.append(
        """
        #!/bin/sh
        # Mounts an image once and read-only, and an overlay over it for each container.
        # Made by daxconv mount-spec. As root: up (the default) mounts, down unmounts and keeps
        # what containers wrote, purge unmounts and deletes what they wrote.
        # The image is mounted as %s: %s.
        set -eu
        umask 022

        """
            .formatted(plan.target().view(), plan.choice().reason()));
    set("name", plan.name());
    set("image", plan.image().toString());
    set("image_size", Long.toString(plan.imageSize()));
    set("block_size", Integer.toString(plan.blockSize()));
    Path root = plan.root();
    set("root", root.toString());
    set("root_parent", Objects.requireNonNull(root.getParent(), "parent").toString());
    set("containers", Integer.toString(plan.overlays().size()));
    set("overlay_options", String.join(",", MountPlan.OVERLAY_OPTIONS));
    return this;
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

  private String tail() {
    return script
        .append('\n')
        .append(MountProgram.CONTAINERS.text())
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
  static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
