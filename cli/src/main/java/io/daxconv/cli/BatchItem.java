package io.daxconv.cli;

import io.daxconv.converter.source.Digest;
import io.daxconv.converter.source.SourceException;
import io.daxconv.oci.registry.RegistryReference;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One image of a batch.
 *
 * @param image as the list has it
 * @param reference what it names
 * @param output the file's name in the output directory
 */
record BatchItem(String image, RegistryReference reference, Path output) {

  /** Journals and results, of all shards. */
  private static final Pattern OWN =
      Pattern.compile("\\.daxconv-batch.*\\.jsonl|results(-\\d+-of-\\d+)?\\.jsonl");

  /**
   * Reads a list: an image on each line and perhaps, behind blanks, a name for its file. Empty
   * lines and what follows a {@code #} at a line's start or behind a blank are left out.
   *
   * @param name how complaints name the list
   * @throws SourceException if a line is none, or two give the same file
   */
  static List<BatchItem> read(String name, BufferedReader lines) throws IOException {
    List<BatchItem> items = new ArrayList<>();
    Map<Path, Integer> outputs = new HashMap<>();
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String where = name + ", line " + ++number;
      String[] words = line.replaceFirst("(^|\\s)#.*", "").strip().split("\\s+", -1);
      if (words[0].isEmpty()) {
        continue;
      }
      if (words.length > 2) {
        throw new SourceException(
            where + ": expected an image and perhaps a file's name, found more words");
      }
      BatchItem item;
      try {
        item = of(words[0], words.length == 2 ? words[1] : null);
      } catch (SourceException e) {
        throw new SourceException(where + ": " + e.getMessage(), e);
      }
      Integer earlier = outputs.putIfAbsent(item.output(), number);
      if (earlier != null) {
        throw new SourceException(
            where + ": expected another file than line " + earlier + " has, found the same");
      }
      items.add(item);
    }
    for (BatchItem item : items) {
      for (Path up = item.output().getParent(); up != null; up = up.getParent()) {
        if (outputs.containsKey(up)) {
          throw new SourceException(
              "%s, line %d: expected no file in %s, which is the file of line %d"
                  .formatted(
                      name,
                      outputs.get(item.output()),
                      ErrorLine.ofUser(up.toString()),
                      outputs.get(up)));
        }
      }
    }
    return items;
  }

  /** An image, its file named by its reference unless a name is given. */
  static BatchItem of(String image, @Nullable String output) throws SourceException {
    RegistryReference reference = RegistryReference.parse(image);
    if (output == null) {
      return new BatchItem(image, reference, usual(reference));
    }
    Path path;
    try {
      path = Path.of(output);
    } catch (InvalidPathException e) {
      throw new SourceException("expected a file's name, found another", e);
    }
    if (path.isAbsolute() || !path.normalize().equals(path) || path.startsWith("..")) {
      throw new SourceException(
          "expected a file's name within the output directory, found " + ErrorLine.ofUser(output));
    }
    if (OWN.matcher(path.getName(0).toString()).matches()) {
      throw new SourceException(
          "expected a file's name, found "
              + ErrorLine.ofUser(output)
              + ", which the batch has for itself");
    }
    return new BatchItem(image, reference, path);
  }

  /** {@code registry.example.org_5000/library/debian/12.daxfs}. */
  private static Path usual(RegistryReference reference) {
    String last = reference.selector().replace(':', '-');
    return Path.of(
        reference.registry().replace(':', '_').replace("[", "").replace("]", ""),
        reference.repository(),
        last + ".daxfs");
  }

  /**
   * A template with {@code {registry}}, {@code {repository}}, {@code {tag}} filled in. Of a digest
   * it has the hexadecimal digits: with the algorithm before them, the tag would be that of the
   * list of what refers to the image.
   */
  String fill(String template) {
    Digest digest = reference.digest();
    return template
        .replace("{registry}", reference.registry())
        .replace("{repository}", reference.repository())
        .replace("{tag}", digest == null ? String.valueOf(reference.tag()) : digest.hex());
  }
}
