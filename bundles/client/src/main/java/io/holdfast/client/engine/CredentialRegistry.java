package io.holdfast.client.engine;

import io.holdfast.api.client.CredentialSource;
import io.holdfast.api.transport.Secret;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The credential sources there are; the first that knows a name gives its values. */
public final class CredentialRegistry {
  private final List<CredentialSource> sources = new CopyOnWriteArrayList<>();

  public void add(CredentialSource source) {
    sources.add(source);
  }

  public void remove(CredentialSource source) {
    sources.remove(source);
  }

  /** Runs foreign code: only in a plugin lane. */
  Map<String, Secret> lookUp(String name) {
    for (CredentialSource source : sources) {
      try {
        return source.credentials(name);
      } catch (IllegalArgumentException e) {
        // This one does not know the name; the next may.
        continue;
      }
    }
    throw new IllegalArgumentException("no credential source knows '" + name + "'");
  }
}
