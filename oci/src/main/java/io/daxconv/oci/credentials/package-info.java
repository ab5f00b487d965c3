/**
 * Credentials for registries as docker and podman keep them: {@code config.json} (Docker's CLI),
 * {@code auth.json} (containers-auth.json(5)), credential helpers.
 */
package io.daxconv.oci.credentials;
