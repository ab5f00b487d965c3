package io.daxconv.cli;

import io.daxconv.converter.daxfs.FileMode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A converted image as a command's argument. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ImageFile {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "the DAXFS file")
  private Path file;

  /**
   * The file, which can be opened.
   *
   * @throws ParameterException if it cannot: the command line is wrong then, not the image
   */
  Path path() {
    return readable(spec, file);
  }

  /**
   * A file that a command names, if it can be opened.
   *
   * @throws ParameterException if it cannot
   */
  static Path readable(CommandSpec spec, Path file) {
    return checked(spec, file, false);
  }

  /**
   * A file or device that can be opened.
   *
   * @param device whether a device will do
   * @throws ParameterException if it cannot
   */
  static Path checked(CommandSpec spec, Path file, boolean device) {
    String found = found(file, device);
    if (found != null) {
      throw new ParameterException(
          spec.commandLine(), file + ": expected a file that can be read, found " + found);
    }
    return file;
  }

  private static @Nullable String found(Path file, boolean device) {
    if (file.toString().isEmpty()) {
      return "an empty name";
    }
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (attributes.isRegularFile() || (device && isDevice(file))) {
        return Files.isReadable(file) ? null : "that permission is denied";
      }
      return attributes.isDirectory() ? "a directory" : "a special file";
    } catch (NoSuchFileException e) {
      return "nothing";
    } catch (AccessDeniedException e) {
      return "that permission is denied";
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  private static boolean isDevice(Path file) throws IOException {
    int type = FileMode.type((int) Files.getAttribute(file, "unix:mode"));
    return type == FileMode.BLOCK_DEVICE || type == FileMode.CHARACTER_DEVICE;
  }
}
