package io.daxconv.converter.kernel;

import io.daxconv.converter.mount.IdMapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A user namespace that is only a map of ids for mounts. A process can go into a new one only while
 * it has one thread, which Java never has: unshare(1) makes it, and ends when it is closed.
 */
public final class UserNamespace implements AutoCloseable {
  private static final Path OWN = Path.of("/proc/self/ns/user");

  private final OpenFd fd;

  private UserNamespace(OpenFd fd) {
    this.fd = fd;
  }

  /** Makes one that maps user and group ids alike (user_namespaces(7)). */
  public static UserNamespace of(IdMapping mapping) throws IOException {
    String map = mapping.inside() + " " + mapping.host() + " " + mapping.count() + "\n";
    Process holder;
    try {
      holder =
          new ProcessBuilder("unshare", "--user", "sh", "-c", "echo in; read x || :")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw KernelException.missing(
          "id mapping: expected the program unshare of util-linux, found none");
    }
    try {
      // It says so from inside of the namespace, or ends.
      int said = holder.getInputStream().read();
      Path process = Path.of("/proc/" + holder.pid());
      Path namespace = process.resolve("ns/user");
      if (said < 0 || Files.readSymbolicLink(namespace).equals(Files.readSymbolicLink(OWN))) {
        throw KernelException.missing(
            "id mapping: expected a new user namespace, found that unshare --user makes none;"
                + " see /proc/sys/user/max_user_namespaces");
      }
      Files.writeString(process.resolve("uid_map"), map);
      Files.writeString(process.resolve("gid_map"), map);
      return new UserNamespace(SystemCalls.open(namespace, SystemCalls.O_RDONLY));
    } finally {
      holder.getOutputStream().close();
      holder.destroyForcibly();
    }
  }

  OpenFd fd() {
    return fd;
  }

  @Override
  public void close() {
    fd.close();
  }
}
