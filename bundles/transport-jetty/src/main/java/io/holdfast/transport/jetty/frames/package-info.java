/**
 * The direct engine's reading and writing of frames (RFC 6455, RFC 7692) as pure state machines over buffers: no socket,
 * clock or thread.
 */
package io.holdfast.transport.jetty.frames;
