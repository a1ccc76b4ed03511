// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty.frames;

/**
 * What was negotiated with {@code permessage-deflate} (RFC 7692). We compress nothing, which the extension allows, so that
 * only the server's side has parameters.
 *
 * @param serverNoContextTakeover whether the server compresses each message by itself
 */
public record Compression(boolean serverNoContextTakeover) {}
