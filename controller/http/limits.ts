/**
 * What one client may cost. A slow, huge or endless request is cut off early so that healthy clients never notice
 * it (408, 413, 431, 429).
 */
export const LIMITS = {
  /** Bytes of a request body: 413 above. */
  bodyBytes: 64 * 1024,
  /** Bytes of a webhook's body: 413 above. GitHub caps its own at 25 MB; they are hashed as they come, never kept. */
  hookBytes: 26 * 1024 * 1024,
  /** Bytes of all header lines together: 431 above. */
  headerBytes: 8 * 1024,
  /** Characters of the path and the query: 414 above. */
  urlLength: 2048,
  /** Milliseconds in which all headers must have arrived: 408 after. */
  headersTimeout: 4_000,
  /** Milliseconds in which the whole request must have arrived: 408 after. Forges give up on a webhook then, too. */
  requestTimeout: 10_000,
  /** How often node looks for requests that are over time. */
  connectionsCheckingInterval: 1_000,
  /** Milliseconds after which a connection that moves no byte either way is closed. */
  idleTimeout: 60_000,
  /** Connections of one listener at a time, unless told otherwise; those above are closed as they come. */
  connections: 4096,
  /** Milliseconds between two times at which idle connections make room for new ones. */
  makingRoomInterval: 100,
  /** Webhooks with a wrong signature from one address in a minute: 429 above. Right ones are always heard. */
  wrongHooksPerMinute: 30,
  /** Requests of devices that wait for the fleet's thread at a time: 503 above. */
  deviceRequestsUnderWay: 1_000,
  /** Milliseconds between two looks at the source that webhooks cause; what comes between causes one more. */
  hookPause: 1_000,
} as const;
