package io.daxconv.cli.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A private authority, a server and a client that it knows, and a stranger that nobody knows. */
final class TestCertificates {
  private static final String PASSWORD = "password";

  private final Path store;

  private TestCertificates(Path store) {
    this.store = store;
  }

  /**
   * Makes them.
   *
   * @param names what the server is called, as keytool writes it: {@code ip:127.0.0.1,dns:a.test}
   */
  static TestCertificates make(Path directory, String names) throws Exception {
    TestCertificates made = new TestCertificates(directory.resolve("keys.p12"));
    made.keytool("authority", "-ext", "bc:c");
    made.keytool("server", "-signer", "authority", "-ext", "san=" + names);
    made.keytool("client", "-signer", "authority");
    made.keytool("stranger", "-ext", "bc:c");
    return made;
  }

  private void keytool(String alias, String... more) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname"));
    command.addAll(List.of("CN=" + alias, "-validity", "2", "-storetype", "PKCS12"));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    command.addAll(List.of(more));
    Tool.run(Path.of("/"), command.toArray(String[]::new));
  }

  private KeyStore keys() throws GeneralSecurityException, IOException {
    return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
  }

  /** For a server that shows its certificate and knows clients of the authority. */
  SSLContext server() throws GeneralSecurityException, IOException {
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry("server", key("server"), PASSWORD.toCharArray(), chain("server"));
    KeyManagerFactory shown =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    shown.init(own, PASSWORD.toCharArray());
    KeyStore known = KeyStore.getInstance("PKCS12");
    known.load(null, null);
    known.setCertificateEntry("authority", keys().getCertificate("authority"));
    TrustManagerFactory trusted =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(known);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(shown.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }

  private Key key(String alias) throws GeneralSecurityException, IOException {
    return keys().getKey(alias, PASSWORD.toCharArray());
  }

  private Certificate[] chain(String alias) throws GeneralSecurityException, IOException {
    return keys().getCertificateChain(alias);
  }

  /** Writes a certificate and what it is signed by, in PEM (RFC 7468). */
  Path writeCertificate(String alias, Path file) throws GeneralSecurityException, IOException {
    StringBuilder pem = new StringBuilder();
    for (Certificate each : chain(alias)) {
      pem.append(pem("CERTIFICATE", each.getEncoded()));
    }
    return write(file, pem.toString());
  }

  /** Writes a key, likewise. */
  Path writeKey(String alias, Path file) throws GeneralSecurityException, IOException {
    return write(file, pem("PRIVATE KEY", key(alias).getEncoded()));
  }

  private static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static String pem(String label, byte[] bytes) {
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(bytes), label);
  }
}
