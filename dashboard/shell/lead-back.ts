/** What leads back to where somebody was on a view, in place of its heading. */
let lead: { readonly to: string; readonly back: () => void } | undefined;

/**
 * Leads back to a place on a view that is shown again: now, and again where the shell arrives there later.
 *
 * @param to the path of the view
 */
export function leadBack(to: string, back: () => void): void {
  lead = { to, back };
  back();
}

/** @returns whether something led back to a place there */
export function arriveAt(path: string): boolean {
  const known = lead;
  lead = undefined;
  if (known?.to !== path) return false;
  known.back();
  return true;
}
