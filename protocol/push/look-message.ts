import { integer, object, optional, parseJson } from "../read-json.ts";

/** Where the stream is, and the name of what is spoken on it (RFC 6455, section 1.9). */
export const LOOK_STREAM_PATH = "/api/v1/look-stream";
export const LOOK_PROTOCOL = "look.v1.fairlead";
/** Seconds between two signs of life of the controller: below the minute after which proxies close what is silent. */
export const SIGN_OF_LIFE_SECONDS = 45;

const MOST_BYTES = 125;

const readMembers = object({ manifest: optional(integer(0)), within: integer(0, 86_400) }, "ignore");

/**
 * All that the controller ever says on a stream: look again. It is not signed, because whoever makes it up gains a poll
 * and a check-in, which the agent would have made a little later anyway.
 *
 * `manifest`: version of the timestamp role that is served now; an agent that knows it need not look. Absent: something
 * waits for this very device, which checks in. `within`: seconds over which all who are told spread themselves.
 */
export type LookMessage = ReturnType<typeof readMembers>;

export function encodeLook(message: LookMessage): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(message));
}

/** @throws ProtocolError `protocol/bad-document` */
export function readLook(payload: Uint8Array): LookMessage {
  return readMembers(parseJson(payload, MOST_BYTES), "");
}
