package io.daxconv.cli.it.differential;

import io.daxconv.converter.testing.TarBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * Layers, oldest first.
 *
 * @param gzip whether the blobs are compressed
 */
public record Stack(List<List<Step>> layers, boolean gzip) {
  public Stack {
    layers = layers.stream().map(List::copyOf).toList();
  }

  /** The tar of each layer. */
  List<byte[]> tars() {
    return layers.stream()
        .map(
            layer -> {
              TarBuilder tar = TarBuilder.tar();
              layer.forEach(step -> tar.add(step.entry()));
              return tar.build();
            })
        .toList();
  }

  /** All stacks that have one layer, or one entry, less. */
  public List<Stack> smaller() {
    List<Stack> smaller = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      List<List<Step>> rest = new ArrayList<>(layers);
      rest.remove(i);
      if (!rest.isEmpty()) {
        smaller.add(new Stack(rest, gzip));
      }
    }
    for (int i = 0; i < layers.size(); i++) {
      for (int j = 0; j < layers.get(i).size(); j++) {
        List<Step> layer = new ArrayList<>(layers.get(i));
        layer.remove(j);
        List<List<Step>> rest = new ArrayList<>(layers);
        rest.set(i, layer);
        smaller.add(new Stack(rest, gzip));
      }
    }
    return smaller;
  }

  /** Whether the text that shows an entry has this in it. */
  boolean shows(String part) {
    return layers.stream().flatMap(List::stream).anyMatch(step -> step.shown().contains(part));
  }

  /** A line for each entry. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < layers.size(); i++) {
      text.append("layer ").append(i + 1).append('\n');
      layers.get(i).forEach(step -> text.append("  ").append(step.shown()).append('\n'));
    }
    return text.toString();
  }
}
