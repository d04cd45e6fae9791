/** What the readers do with a path below the state root. */
export type PathVerdict = "state" | "other" | "bad-name";

const KIBIBYTE = 1024;

/** Bounds of one snapshot; a commit beyond them is refused. */
export interface SnapshotLimits {
  /** Most bytes of a YAML file. */
  readonly yamlBytes: number;
  /** Most bytes of a JSON file below `trust/`. */
  readonly trustBytes: number;
  /** Most state files. */
  readonly files: number;
}

export const SNAPSHOT_LIMITS: SnapshotLimits = {
  yamlBytes: 256 * KIBIBYTE,
  trustBytes: 8 * KIBIBYTE * KIBIBYTE,
  files: 100_000,
};

// Names that Windows keeps for devices, or that git itself uses: a clone there could not hold the file.
const RESERVED = /^(con|prn|aux|nul|com[1-9]|lpt[1-9]|\.git)(\.|$)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\\:*?"<>|\ufffd]/;
const MAX_NAME_BYTES = 255;

/**
 * Judges a path (with `/`, relative to the state root) by its name alone. `state` files are read: YAML, and JSON
 * below `trust/`. Artifacts, folders that start with a dot and everything else are `other` and stay unread.
 */
export function judgePath(path: string): PathVerdict {
  const names = path.split("/");
  if (names.some(isBadName)) return "bad-name";
  return !isOutside(names) && isNamedAsState(path) ? "state" : "other";
}

/** Whether one part of a path is what some system cannot have as a name. */
export function isBadName(name: string): boolean {
  if (name === "" || name.endsWith(".") || name.endsWith(" ") || FORBIDDEN.test(name)) return true;
  return RESERVED.test(name) || Buffer.byteLength(name) > MAX_NAME_BYTES;
}

/**
 * Whether a path that is in no folder apart is one of a file that is read. However the ending is written: a file that
 * people take for state must not be passed over in silence.
 */
export function isNamedAsState(path: string): boolean {
  if (/\.ya?ml$/i.test(path)) return true;
  return path.startsWith("trust/") && path.endsWith(".json");
}

/** Whether a path is in a part of the tree that never holds state. */
function isOutside(names: readonly string[]): boolean {
  return (
    (names[0] === "artifacts" && names.length > 1) ||
    names.some((name) => name.startsWith(".") || name === "node_modules")
  );
}

/** Most bytes that the state file at `path` may have. */
export function limitFor(path: string, limits: SnapshotLimits): number {
  return path.endsWith(".json") ? limits.trustBytes : limits.yamlBytes;
}

export function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
