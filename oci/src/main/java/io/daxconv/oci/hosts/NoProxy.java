package io.daxconv.oci.hosts;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code NO_PROXY}: names, addresses and networks that are asked directly
 * (golang.org/x/net/http/httpproxy, Config.NoProxy).
 *
 * @param all whether it is {@code *}
 */
record NoProxy(boolean all, List<String> names, List<Network> networks) {

  /** Addresses of which the first bits are the same. */
  private record Network(InetAddress first, int bits) {
    boolean has(InetAddress host) {
      byte[] address = first.getAddress();
      byte[] other = host.getAddress();
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if (((address[bit / 8] ^ other[bit / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  static NoProxy parse(String text) {
    List<String> names = new ArrayList<>();
    List<Network> networks = new ArrayList<>();
    boolean all = false;
    for (String part : text.split(",", -1)) {
      String name = part.strip().toLowerCase(Locale.ROOT);
      Network network = network(name);
      if (network != null) {
        networks.add(network);
      } else if (name.equals("*")) {
        all = true;
      } else if (!name.isEmpty()) {
        names.add(name.startsWith("*.") ? name.substring(1) : name);
      }
    }
    return new NoProxy(all, names, networks);
  }

  private static @Nullable Network network(String text) {
    int slash = text.indexOf('/');
    InetAddress address = address(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    int most = address.getAddress().length * 8;
    if (slash < 0) {
      return new Network(address, most);
    }
    String bits = text.substring(slash + 1);
    return bits.matches("\\d{1,3}") && Integer.parseInt(bits) <= most
        ? new Network(address, Integer.parseInt(bits))
        : null;
  }

  /** An address as it is written; null for a name, which is never looked up. */
  private static @Nullable InetAddress address(String host) {
    String plain = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      return InetAddress.ofLiteral(plain);
    } catch (IllegalArgumentException name) {
      return null;
    }
  }

  boolean covers(String host, int port) {
    String name = host.toLowerCase(Locale.ROOT);
    InetAddress address = address(name);
    if (all || name.equals("localhost") || (address != null && address.isLoopbackAddress())) {
      return true;
    }
    if (address != null && networks.stream().anyMatch(network -> network.has(address))) {
      return true;
    }
    return names.stream().anyMatch(each -> matches(each, name, port));
  }

  /**
   * {@code a.b} is that and all below it, {@code .a.b} only what is below, {@code a.b:1} a port.
   */
  private static boolean matches(String entry, String host, int port) {
    int colon = entry.lastIndexOf(':');
    String name = colon < 0 ? entry : entry.substring(0, colon);
    if (colon >= 0 && !entry.substring(colon + 1).equals(String.valueOf(port))) {
      return false;
    }
    return name.startsWith(".")
        ? host.endsWith(name)
        : host.equals(name) || host.endsWith("." + name);
  }
}
