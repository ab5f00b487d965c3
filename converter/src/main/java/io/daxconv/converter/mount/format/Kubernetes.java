package io.daxconv.converter.mount.format;

import io.daxconv.converter.mount.MountPlan;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.mount.ShellScript;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Kubernetes manifests, in YAML: a ConfigMap with the script that mounts the base, a DaemonSet that
 * runs it in each node's own mount namespace, and, for an example, a Pod that uses the base by
 * hostPath. The image's file must be on each node. Kubernetes makes root filesystems from images
 * only, so that no overlays are in it.
 */
final class Kubernetes {
  private static final SpecFormat FORMAT = SpecFormat.KUBERNETES;

  /** kubernetes.io, Object Names and IDs: labels have 63 (RFC 1123); the example adds to it. */
  private static final int LONGEST_NAME = 50;

  private static final String PREFIX = "daxconv-";

  private Kubernetes() {}

  static String render(MountPlan plan) throws MountPlanException {
    Rules.requireNoIdMapping(FORMAT, plan);
    Rules.requireWithout(FORMAT, plan.base(), ":");
    String name = name(plan.name());
    String script =
        ShellScript.render(
            plan,
            """
            # Nodes mount the base alone.
            mount_container() {
              :
            }

            unmount_container() {
              :
            }

            remove_container() {
              :
            }

            merged_not_mounted() {
              :
            }
            """);
    return TEMPLATE
        .replace("@SHARING@", plan.sharing().text())
        .replace(
            "@WARNINGS@",
            plan.warnings().stream()
                .map(warning -> "# Warning: " + warning + ".\n")
                .collect(Collectors.joining()))
        .replace("@NAME@", name)
        // In values of environment variables $$ stands for $ (Kubernetes API reference, EnvVar).
        .replace("@BASE@", Json.string(plan.base().toString().replace("$", "$$")))
        .replace("@LOWER@", Json.string(plan.lower().toString()))
        .replace("@SCRIPT@", block(script));
  }

  /**
   * A name of lower-case letters, digits and {@code -}, which starts and ends with one of these.
   */
  static String name(String plan) {
    String name = PREFIX + plan.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    name = name.substring(0, Math.min(name.length(), LONGEST_NAME));
    return name.replaceFirst("-+$", "");
  }

  /** Literal text; where that could not hold it (YAML 1.2.2, 5.1), a string in double quotes. */
  private static String block(String text) {
    boolean printable =
        text.codePoints()
            .allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f) || (c >= 0xa0 && c < 0xd800));
    return printable
        ? "|\n"
            + text.lines()
                .map(line -> line.isEmpty() ? "\n" : "    " + line + "\n")
                .collect(Collectors.joining())
                .stripTrailing()
        : Json.string(text);
  }

  private static final String TEMPLATE =
      """
      # Mounts an image on each node of a cluster, for pods to use by hostPath.
      # Made by daxconv mount-spec. What is shared: @SHARING@.
      @WARNINGS@# The image's file must be on each node already.
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: @NAME@
      data:
        mount.sh: @SCRIPT@
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata:
        name: @NAME@
        labels:
          app.kubernetes.io/name: @NAME@
          app.kubernetes.io/managed-by: daxconv
      spec:
        selector:
          matchLabels:
            app.kubernetes.io/name: @NAME@
        template:
          metadata:
            labels:
              app.kubernetes.io/name: @NAME@
          spec:
            hostPID: true
            terminationGracePeriodSeconds: 30
            containers:
              - name: mount
                image: docker.io/library/debian:stable-slim
                # In the node's mount namespace, and with its programs. When the pod ends the base is
                # unmounted, unless other pods use it; then the next pod finds it mounted.
                command:
                  - /bin/sh
                  - -c
                  - |
                    node() {
                      nsenter --target 1 --mount -- "$@"
                    }
                    trap 'node sh -s down </daxconv/mount.sh; exit 0' TERM INT
                    if ! node mountpoint -q "$BASE"; then
                      node sh -s up </daxconv/mount.sh || exit 1
                    fi
                    sleep infinity &
                    wait
                env:
                  - name: BASE
                    value: @BASE@
                securityContext:
                  privileged: true
                resources:
                  requests:
                    cpu: 1m
                    memory: 8Mi
                volumeMounts:
                  - name: script
                    mountPath: /daxconv
                    readOnly: true
            volumes:
              - name: script
                configMap:
                  name: @NAME@
      ---
      # An example: a pod that reads what all others read.
      apiVersion: v1
      kind: Pod
      metadata:
        name: @NAME@-example
      spec:
        containers:
          - name: example
            image: docker.io/library/debian:stable-slim
            command: ["ls", "-l", "/image"]
            volumeMounts:
              - name: image
                mountPath: /image
                readOnly: true
                mountPropagation: HostToContainer
        restartPolicy: Never
        volumes:
          - name: image
            hostPath:
              path: @LOWER@
              type: Directory
      """;
}
