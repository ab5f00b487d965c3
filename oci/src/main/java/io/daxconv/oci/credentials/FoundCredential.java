package io.daxconv.oci.credentials;

/**
 * A credential and where it comes from.
 *
 * @param origin how messages name it, such as {@code credentials from "/home/u/auth.json"}
 */
public record FoundCredential(Credential credential, String origin) {}
