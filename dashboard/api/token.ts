import { tokenIn } from "./token-form.ts";

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
