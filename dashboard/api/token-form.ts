/** @param hash of an address, with its `#` */
export function tokenIn(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, "")).get("token")?.trim();
  return token !== undefined && isToken(token) ? token : undefined;
}

/** What a header can carry (RFC 6750, section 2.1, as the controller reads it). */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]{1,4096}$/.test(text);
}
