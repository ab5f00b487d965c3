package io.daxconv.converter.mount.process;

import com.fasterxml.jackson.databind.JsonNode;
import io.daxconv.converter.CorruptImageException;
import io.daxconv.converter.daxfs.DaxfsImage;
import io.daxconv.converter.daxfs.FileMode;
import io.daxconv.converter.daxfs.InodeEntry;
import io.daxconv.converter.mount.ImageFacts;
import io.daxconv.converter.mount.MountPlanException;
import io.daxconv.converter.source.Platform;
import io.daxconv.converter.text.Escapes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an image says about its process (image-spec config.md), and what of its tree that needs. All
 * text is somebody else's: any characters but NUL.
 *
 * @param entrypoint the program and its first arguments; may be empty
 * @param command the further arguments, which users replace; may be empty
 * @param environment {@code NAME=VALUE} each
 * @param workingDirectory absolute
 * @param userText the user as the config has it; may be empty
 * @param user the same in numbers
 * @param stopSignal such as {@code SIGTERM}; empty where the image says nothing
 * @param exposedPorts such as {@code 80/tcp}
 * @param labels by their names
 * @param platform what it runs on, or null
 * @param root the owner and mode of the root directory
 * @param hasInit whether there is an {@code /init} and none where kernels look by themselves
 */
public record ImageProcess(
    List<String> entrypoint,
    List<String> command,
    List<String> environment,
    String workingDirectory,
    String userText,
    ImageUser user,
    String stopSignal,
    List<String> exposedPorts,
    Map<String, String> labels,
    @Nullable Platform platform,
    Owner root,
    boolean hasInit) {
  /** Bytes of the longest passwd and group that are read. */
  private static final long LONGEST_FILE = 16 << 20;

  /** What runs where the image names nothing. */
  private static final List<String> SHELL = List.of("sh");

  /** The owner and permissions of a file. */
  public record Owner(long uid, long gid, int mode) {}

  public ImageProcess {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
    exposedPorts = List.copyOf(exposedPorts);
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /** The whole command: {@code sh} where the image names none. */
  public List<String> arguments() {
    List<String> all = new ArrayList<>(entrypoint);
    all.addAll(command);
    return all.isEmpty() ? SHELL : List.copyOf(all);
  }

  /**
   * Reads what an image says.
   *
   * @throws MountPlanException if its config is not what a config must be, or its user is not there
   * @throws CorruptImageException if its tree is broken
   */
  public static ImageProcess of(DaxfsImage image, ImageFacts facts)
      throws MountPlanException, CorruptImageException {
    ConfigFields config = new ConfigFields(facts.config());
    ImageFiles files = new ImageFiles(image, facts.packed());
    if (facts.packed() != null) {
      PackedDirectory.check(image, facts.packed());
    }
    String user = config.text("User");
    String directory = config.text("WorkingDir");
    if (directory.isEmpty()) {
      directory = "/";
    } else if (!directory.startsWith("/")) {
      directory = "/" + directory;
    }
    List<String> environment = new ArrayList<>();
    for (String variable : config.texts("Env")) {
      if (variable.indexOf('=') > 0) {
        environment.add(variable);
      }
    }
    return new ImageProcess(
        config.texts("Entrypoint"),
        config.texts("Cmd"),
        environment,
        directory,
        user,
        ImageUser.of(
            user, files.read("/etc/passwd", LONGEST_FILE), files.read("/etc/group", LONGEST_FILE)),
        config.text("StopSignal"),
        config.keys("ExposedPorts"),
        config.map("Labels"),
        facts.platform(),
        owner(files.root()),
        hasInit(files));
  }

  private static Owner owner(@Nullable InodeEntry root) {
    return root == null
        ? new Owner(0, 0, 0755)
        : new Owner(
            Integer.toUnsignedLong(root.uid()),
            Integer.toUnsignedLong(root.gid()),
            root.mode() & FileMode.PERMISSIONS);
  }

  /** Linux, init/main.c, kernel_init: where it looks. */
  private static boolean hasInit(ImageFiles files) throws CorruptImageException {
    for (String usual : List.of("/sbin/init", "/etc/init", "/bin/init")) {
      if (files.exists(usual)) {
        return false;
      }
    }
    return files.exists("/init");
  }

  /** The fields of a {@code config} object. */
  private record ConfigFields(@Nullable JsonNode config) {
    private @Nullable JsonNode field(String name) {
      JsonNode field = config == null ? null : config.get(name);
      return field == null || field.isNull() ? null : field;
    }

    String text(String name) throws MountPlanException {
      JsonNode field = field(name);
      return field == null ? "" : text(name, field);
    }

    List<String> texts(String name) throws MountPlanException {
      JsonNode field = field(name);
      if (field == null) {
        return List.of();
      }
      if (!field.isArray()) {
        throw unexpected(name, "an array of strings", field);
      }
      List<String> texts = new ArrayList<>();
      for (JsonNode each : field) {
        texts.add(text(name, each));
      }
      return texts;
    }

    List<String> keys(String name) throws MountPlanException {
      return List.copyOf(object(name).keySet());
    }

    Map<String, String> map(String name) throws MountPlanException {
      Map<String, String> map = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> each : object(name).entrySet()) {
        map.put(each.getKey(), text(name, each.getValue()));
      }
      return map;
    }

    private Map<String, JsonNode> object(String name) throws MountPlanException {
      JsonNode field = field(name);
      if (field == null) {
        return Map.of();
      }
      if (!field.isObject()) {
        throw unexpected(name, "an object", field);
      }
      Map<String, JsonNode> members = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> each : field.properties()) {
        members.put(checked(name, each.getKey()), each.getValue());
      }
      return members;
    }

    private static String text(String name, JsonNode value) throws MountPlanException {
      if (!value.isTextual()) {
        throw unexpected(name, "a string", value);
      }
      return checked(name, Objects.requireNonNull(value.textValue()));
    }

    private static String checked(String name, String text) throws MountPlanException {
      if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
        throw new MountPlanException(
            "image config: "
                + name
                + ": expected text in UTF-8 without NUL, found "
                + Escapes.quote(text));
      }
      return text;
    }

    private static MountPlanException unexpected(String name, String expected, JsonNode found) {
      return new MountPlanException(
          "image config: %s: expected %s, found %s"
              .formatted(name, expected, Escapes.quote(found.toString())));
    }
  }
}
