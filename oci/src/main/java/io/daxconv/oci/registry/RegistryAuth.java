package io.daxconv.oci.registry;

import io.daxconv.converter.text.Escapes;
import io.daxconv.oci.RegistryException;
import io.daxconv.oci.credentials.Credential;
import io.daxconv.oci.credentials.FoundCredential;
import io.daxconv.oci.credentials.RegistryCredentials;
import io.daxconv.oci.hosts.RegistryHost;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Answers a registry's challenges, once for all requests. Nothing is sent before it asks. */
final class RegistryAuth {
  private final RegistryHost host;
  private final RegistryCredentials credentials;
  private final TokenServer tokens;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable String header;
  private volatile @Nullable FoundCredential found;

  RegistryAuth(RegistryHost host, RegistryCredentials credentials, TokenServer tokens) {
    this.host = host;
    this.credentials = credentials;
    this.tokens = tokens;
  }

  private String registry() {
    return RegistryReference.credentialName(host.authority());
  }

  /** What is sent as {@code Authorization}; null for nothing. */
  @Nullable String header() {
    return header;
  }

  /**
   * Answers a challenge.
   *
   * @param rejected what the challenged request had sent; if another request has got something else
   *     meanwhile, that is what is tried
   * @return whether there is something else to send now
   */
  boolean answer(List<Challenge> challenges, @Nullable String rejected) throws IOException {
    lock.lock();
    try {
      if (!Objects.equals(header, rejected)) {
        return true;
      }
      found = credentials.find(registry(), host.repository());
      FoundCredential known = found;
      String next = next(challenges, known == null ? null : known.credential());
      if (next == null || next.equals(rejected)) {
        return false;
      }
      header = next;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable String next(List<Challenge> challenges, @Nullable Credential credential)
      throws IOException {
    if (credential instanceof Credential.RegistryToken(String token)) {
      return "Bearer " + token;
    }
    for (Challenge challenge : challenges) {
      if (challenge.scheme().equals("bearer")) {
        return "Bearer " + token(challenge, credential);
      }
    }
    for (Challenge challenge : challenges) {
      if (challenge.scheme().equals("basic")) {
        return credential instanceof Credential.Password password
            ? TokenServer.basic(password)
            : null;
      }
    }
    return null;
  }

  private String token(Challenge challenge, @Nullable Credential credential) throws IOException {
    try {
      return tokens.token(challenge, "repository:" + host.repository() + ":pull", credential);
    } catch (RegistryException e) {
      if (e.status() == 0 || e.temporary()) {
        throw e;
      }
      throw new RegistryException(e.getMessage() + ": " + advice(), e.status(), e.code(), false, e);
    }
  }

  /** What a user can do about an answer of 401 or 403. */
  String advice() {
    FoundCredential known = found;
    return known == null
        ? "give --creds or log in: no credentials for "
            + Escapes.quote(registry())
            + ", "
            + credentials.searched()
        : "give others with --creds or log in: " + known.origin() + " were refused";
  }
}
