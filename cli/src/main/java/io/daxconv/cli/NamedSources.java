package io.daxconv.cli;

import io.daxconv.converter.NamedImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Several images of one file, each by {@code [NAME=]IMAGE}. */
record NamedSources(
    CommandSpec spec, SourceArguments source, Streams streams, BudgetOptions budgets) {
  /** No source has a {@code =} before its first colon or slash. */
  private static final Pattern NAMED = Pattern.compile("(?s)([A-Za-z0-9][A-Za-z0-9._-]*)=(.+)");

  /**
   * The images, to be opened one after the other.
   *
   * @throws ParameterException if an argument is no image, or a name is there twice
   */
  List<NamedImage> images(List<String> arguments, Progress progress) {
    List<NamedImage> named = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String image : arguments) {
      Matcher explicit = NAMED.matcher(image);
      String name = explicit.matches() ? explicit.group(1) : name(image);
      String from = explicit.matches() ? explicit.group(2) : image;
      if (!names.add(name)) {
        throw misuse(image, "expected a name of its own, found " + name + " again; say NAME=IMAGE");
      }
      source.check(from);
      try {
        named.add(
            new NamedImage(name, () -> source.open(from, streams, budgets.budgets(), progress)));
      } catch (IllegalArgumentException e) {
        throw misuse(image, String.valueOf(e.getMessage()));
      }
    }
    return named;
  }

  /** The image of {@code [NAME=]IMAGE}. */
  static String source(String argument) {
    Matcher explicit = NAMED.matcher(argument);
    return explicit.matches() ? explicit.group(2) : argument;
  }

  /** What an image is called where nobody says. */
  static String name(String image) {
    String place = image.replaceFirst("@.*", "").replaceFirst("/+$", "");
    String last = place.substring(place.lastIndexOf('/') + 1);
    return last.replaceFirst("^[a-z-]+:(?=[^/]*:)", "").replaceAll("[^A-Za-z0-9._-]", "-");
  }

  private ParameterException misuse(String image, String message) {
    return new ParameterException(
        spec.commandLine(), "image " + ErrorLine.ofUser(image) + ": " + message);
  }
}
