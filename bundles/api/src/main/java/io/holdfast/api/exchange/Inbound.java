// SPDX-License-Identifier: Apache-2.0
package io.holdfast.api.exchange;

/** What a frame was. */
public sealed interface Inbound permits Answer, Event {}
