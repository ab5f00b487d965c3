package io.daxconv.converter.mount;

/** The ways to write a mount plan down. A further one is a class that renders, and a line here. */
public enum MountFormat {
  /** A POSIX shell script that mounts and unmounts. */
  SHELL {
    @Override
    public String render(MountPlan plan) {
      return ShellScript.render(plan);
    }
  },
  /** The JSON of docs/mount-spec.md. */
  JSON {
    @Override
    public String render(MountPlan plan) {
      return JsonSpec.render(plan);
    }
  };

  /** The whole text, ending with a newline; to be encoded as UTF-8. */
  public abstract String render(MountPlan plan);
}
