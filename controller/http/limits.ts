/**
 * What one client may cost. A slow, huge or endless request is cut off early so that healthy clients never notice
 * it (408, 413, 431, 429).
 */
export const LIMITS = {
  /** Bytes of a request body: 413 above. */
  bodyBytes: 64 * 1024,
  /** Bytes of all header lines together: 431 above. */
  headerBytes: 8 * 1024,
  /** Milliseconds in which all headers must have arrived: 408 after. */
  headersTimeout: 4_000,
  /** Milliseconds in which the whole request must have arrived: 408 after. */
  requestTimeout: 5_000,
  /** How often node looks for requests that are over time. */
  connectionsCheckingInterval: 1_000,
  /** Milliseconds after which a connection that moves no byte either way is closed. */
  idleTimeout: 60_000,
  /** Webhook calls from one address in a minute: 429 above. Each can only cause a fetch, and those coalesce. */
  hooksPerMinute: 30,
} as const;
