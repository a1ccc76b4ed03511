// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Signs with keys that never leave it. A service; asked at every log-in, in a lane of its own. */
@ConsumerType
public interface Signer {
    /**
     * @param credentials the name in the client's option of that name
     * @param algorithm a standard name of the Java platform, for instance {@code HmacSHA256} or {@code Ed25519}
     * @return the signature; empty if this one has no such key
     */
    Optional<byte[]> sign(String credentials, String algorithm, byte[] data);
}
