package io.daxconv.oci.registry;

import io.daxconv.converter.Budgets;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.manifest.Documents;
import io.daxconv.oci.manifest.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A list that a registry gives page by page: each says in {@code Link: <URL>; rel="next"} where the
 * next is (distribution-spec, "Listing Tags", "Listing Referrers"; RFC 8288, 3). A list is whole or
 * an error: half of one would look like all of it.
 */
record ListPages(String what, RegistryClient client, Budgets budgets) {
  /** Of a thousand names each. */
  private static final int MOST_PAGES = 10_000;

  private static final Pattern NEXT =
      Pattern.compile("<([^>]{0,4096})>[^<]*;\\s*rel\\s*=\\s*\"?next\\b", Pattern.CASE_INSENSITIVE);

  /** All pages from this one on. */
  List<JsonValue> from(URI first) throws IOException {
    List<JsonValue> pages = new ArrayList<>();
    Set<URI> asked = new HashSet<>();
    Optional<URI> next = Optional.of(first);
    while (next.isPresent()) {
      URI at = next.get();
      if (pages.size() == MOST_PAGES || !asked.add(at)) {
        throw new SourceException(
            pages.size() == MOST_PAGES
                ? what + ": expected at most " + MOST_PAGES + " pages, found more"
                : what + ": expected another page, found a Link to one that was there before");
      }
      try {
        next =
            client.page(
                what,
                at,
                reply -> {
                  byte[] page = Documents.read(what, budgets, reply.body()::readNBytes);
                  pages.add(JsonValue.parse(what, page).object());
                  return next(reply);
                });
      } catch (RegistryException e) {
        if (pages.isEmpty() || e.temporary()) {
          throw e;
        }
        // Its status says nothing about the list as a whole.
        throw new SourceException(
            what + ": expected page " + (pages.size() + 1) + ", found none: " + e.getMessage(), e);
      }
    }
    return pages;
  }

  private Optional<URI> next(Reply reply) throws SourceException {
    String header = String.join(", ", reply.headers().allValues("Link"));
    Matcher link = NEXT.matcher(header);
    if (!link.find()) {
      return Optional.empty();
    }
    try {
      String target = link.group(1);
      // The JDK resolves a query alone against the directory (RFC 3986, 5.2.2, keeps the path).
      URI next =
          reply.uri().resolve(target.startsWith("?") ? reply.uri().getRawPath() + target : target);
      if (Urls.isFetchable(next) && Urls.sameOrigin(next, reply.uri())) {
        return Optional.of(next);
      }
    } catch (IllegalArgumentException noUrl) {
      throw elsewhere(header);
    }
    throw elsewhere(header);
  }

  private SourceException elsewhere(String link) {
    return new SourceException(
        what
            + ": expected a Link to a page of the same registry, found "
            + Escapes.quote(Urls.redactedIn(link)));
  }
}
