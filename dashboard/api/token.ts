/** The token that this tab shows. It ends with the tab, and no other tab has it. */

const KEY = "fairlead-token";

let unkept: string | undefined;

export function heldToken(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? unkept;
  } catch {
    return unkept;
  }
}

/** @param token `undefined`: none any more */
export function holdToken(token: string | undefined): void {
  unkept = token;
  try {
    if (token === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, token);
  } catch {
    // It counts until the page is loaded again.
  }
}

/**
 * Takes over what stands behind `#token=` in the address, which browsers send to nobody, and removes it from there and
 * from the history of the tab.
 */
export function takeTokenFromAddress(): void {
  const token = tokenIn(location.hash);
  if (token === undefined) return;
  holdToken(token);
  history.replaceState(history.state, "", `${location.pathname}${location.search}`);
}

/** @param hash of an address, with its `#` */
export function tokenIn(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/, "")).get("token")?.trim();
  return token !== undefined && isToken(token) ? token : undefined;
}

/** What a header can carry (RFC 6750, section 2.1, as the controller reads it). */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]{1,4096}$/.test(text);
}
