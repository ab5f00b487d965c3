package io.daxconv.oci.registry;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is to be known of a URL. */
final class Urls {
  private static final int SHOWN = 200;

  /** What stands before the last {@code @} of an authority (RFC 3986, 3.2). */
  private static final Pattern USER = Pattern.compile("//[^/?#\\s\"]*@");

  private static final Pattern WORD = Pattern.compile("[^\\s\"]+");

  private Urls() {}

  /** The URL without user and query, which may be secret; printable ASCII. */
  static String redacted(URI uri) {
    String text = uri.getScheme() + "://" + uri.getHost() + port(uri) + path(uri);
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  /**
   * Text that somebody else wrote, the users and queries of all URLs in it left out; still to be
   * quoted.
   */
  static String redactedIn(String text) {
    return WORD.matcher(text)
        .replaceAll(word -> Matcher.quoteReplacement(redactedWord(word.group())));
  }

  /** In time that grows as the word does: registries send words of a megabyte. */
  private static String redactedWord(String word) {
    int url = word.indexOf("//");
    if (url < 0) {
      return word;
    }
    int end = url;
    while (end < word.length() && word.charAt(end) != '?' && word.charAt(end) != '#') {
      end++;
    }
    String shown = end < word.length() ? word.substring(0, end) + "?***" : word;
    return USER.matcher(shown).replaceAll("//***@");
  }

  private static String port(URI uri) {
    return uri.getPort() < 0 ? "" : ":" + uri.getPort();
  }

  private static String path(URI uri) {
    // Other characters than ASCII may stand in a URI as they are.
    return uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("[^\\x21-\\x7e]", "?");
  }

  /** Whether a credential for one may be sent to the other: same scheme, host and port. */
  static boolean sameOrigin(URI a, URI b) {
    return a.getScheme().equalsIgnoreCase(b.getScheme())
        && a.getHost().equalsIgnoreCase(b.getHost())
        && effectivePort(a) == effectivePort(b);
  }

  private static int effectivePort(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return isHttps(uri) ? 443 : 80;
  }

  static boolean isHttps(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme());
  }

  /** Whether this is a URL that can be fetched: http or https, a host, no user. */
  static boolean isFetchable(URI uri) {
    return uri.getScheme() != null
        && (isHttps(uri) || "http".equalsIgnoreCase(uri.getScheme()))
        && uri.getHost() != null
        && uri.getRawUserInfo() == null;
  }

  /** Whether a host, as it stands in a URL, is this machine by its very name. */
  static boolean isLoopback(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return name.equals("localhost")
        || name.equals("[::1]")
        || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }
}
