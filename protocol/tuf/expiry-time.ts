/** How metadata writes a time (TUF 1.0, section 4.2.3): RFC 3339, UTC, whole seconds. */
export function formatExpires(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** Seconds since 1970; `undefined` for another form, or for a day that no calendar has. */
export function parseExpires(expires: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(expires)) return undefined;
  const seconds = Date.parse(expires) / 1000;
  // `Date.parse` takes 30 February for 2 March: only what is written back the same was a real time.
  return Number.isNaN(seconds) || formatExpires(seconds) !== expires ? undefined : seconds;
}
