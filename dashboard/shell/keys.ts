/** Which keys were pressed, as one word: `g o`, `Shift+x`, `?`. */
export interface PressedKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Milliseconds for which the first key of two waits for the second. */
export const SEQUENCE_MS = 1_200;

/** @returns `undefined` for what the browser or the system is meant by */
export function nameOfKey({ key, shiftKey, ctrlKey, metaKey, altKey }: PressedKey): string | undefined {
  if (ctrlKey || metaKey || altKey) return undefined;
  if (key === "Shift" || key === "Dead" || key === "Process") return undefined;
  // `?` already says that shift was held; `X` is `x` with it.
  return shiftKey && /^[A-Za-z]$/.test(key) ? `Shift+${key.toLowerCase()}` : key;
}

/** Whether it is one that can be turned off, since speech input presses letters by accident (WCAG 2.2, 2.1.4). */
export function isCharacterKey(name: string): boolean {
  return name.replace(/^Shift\+/, "").length === 1;
}

/**
 * What a key means after the one before it.
 *
 * @param known all names that mean something: `g o`, `j`
 * @returns the name to act upon, or the first key of two that waits for the second
 */
export function matchKey(
  name: string,
  before: string | undefined,
  known: ReadonlySet<string>,
): { readonly act?: string; readonly wait?: string } {
  const both = before === undefined ? undefined : `${before} ${name}`;
  if (both !== undefined && known.has(both)) return { act: both };
  if (known.has(name)) return { act: name };
  return [...known].some((each) => each.startsWith(`${name} `)) ? { wait: name } : {};
}
