package io.daxconv.oci.registry;

import io.daxconv.converter.files.FailureReason;
import io.daxconv.converter.source.SourceException;
import io.daxconv.converter.text.Escapes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A private key in PEM (RFC 7468), not encrypted: PKCS #8, or the older forms {@code RSA PRIVATE
 * KEY} (RFC 8017, A.1.2) and {@code EC PRIVATE KEY} (RFC 5915), which become PKCS #8 with the
 * algorithm of the certificate's key.
 */
final class PemKey {
  private static final int LIMIT = 1 << 20;
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN ((?:RSA |EC )?)PRIVATE KEY-----([^-]*)-----END");

  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final byte[] VERSION_0 = {2, 1, 0};

  private PemKey() {}

  /** The certificates of a file that may have a key too; what has none in PEM stays as it is. */
  static InputStream certificatesOf(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(LIMIT);
    StringBuilder found = new StringBuilder();
    Matcher certificate = CERTIFICATE.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    while (certificate.find()) {
      found.append(certificate.group()).append('\n');
    }
    return new ByteArrayInputStream(
        found.isEmpty() ? bytes : found.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The key that belongs to a certificate's. */
  static PrivateKey read(Path file, PublicKey of) throws SourceException {
    String label = "client key " + Escapes.quote(file.toString());
    String text;
    try (InputStream in = Files.newInputStream(file)) {
      text = new String(in.readNBytes(LIMIT), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new SourceException(label + ": cannot be read: " + FailureReason.of(e), e);
    }
    Matcher key = KEY.matcher(text);
    if (!key.find()) {
      throw new SourceException(
          label + ": expected a private key in PEM without a password, found none");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(key.group(2));
      byte[] pkcs8 = key.group(1).isEmpty() ? der : wrapped(der, of);
      return KeyFactory.getInstance(of.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new SourceException(
          label + ": expected the key of its certificate (" + of.getAlgorithm() + ")", e);
    }
  }

  /** PrivateKeyInfo (RFC 5208, 5): a version, the algorithm, the key as it was. */
  private static byte[] wrapped(byte[] key, PublicKey of) {
    return der(SEQUENCE, VERSION_0, algorithm(of.getEncoded()), der(OCTET_STRING, key));
  }

  /** The first element of a SubjectPublicKeyInfo (RFC 5280, 4.1), which is a short one. */
  private static byte[] algorithm(byte[] info) {
    int start = 2 + ((info[1] & 0x80) == 0 ? 0 : info[1] & 0x7f);
    int length = 2 + info[start + 1];
    return java.util.Arrays.copyOfRange(info, start, start + length);
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      content.writeBytes(part);
    }
    int length = content.size();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(tag);
    if (length < 0x80) {
      all.write(length);
    } else {
      all.write(0x82);
      all.write(length >> 8);
      all.write(length);
    }
    all.writeBytes(content.toByteArray());
    return all.toByteArray();
  }
}
