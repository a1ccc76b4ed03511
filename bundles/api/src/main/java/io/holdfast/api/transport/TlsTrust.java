package io.holdfast.api.transport;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The trust store for {@code wss}. There is no way to switch the checks off.
 *
 * @param store the trust store's file, empty for the JVM's default
 * @param type its type, for instance {@code PKCS12}
 * @param password its password, empty where it has none
 */
public record TlsTrust(Optional<Path> store, String type, Secret password) {
  public static final TlsTrust DEFAULT = new TlsTrust(Optional.empty(), "PKCS12", Secret.NONE);

  public TlsTrust {
    Objects.requireNonNull(store);
    Objects.requireNonNull(type);
    Objects.requireNonNull(password);
  }
}
