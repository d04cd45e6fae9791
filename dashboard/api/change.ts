/** Kinds of what changes. */
export type ChangeKind = (typeof KINDS)[number];

const KINDS = ["manifest", "commit", "rollout", "device", "attempt", "request"] as const;

/** What changed within a second or so. */
export interface Change {
  readonly kinds: readonly ChangeKind[];
  /** The devices that all of it is about; absent: any may be meant. */
  readonly devices?: readonly string[];
}

/** All that is shown may be old. */
export const ANYTHING: Change = { kinds: KINDS };

/** @returns `undefined` for an event that tells of no change */
export function readChange(name: string, data: string): Change | undefined {
  if (name === "reload") return ANYTHING;
  if (name !== "changes") return undefined;
  const said = parse(data);
  const kinds = KINDS.filter((kind) => listIn(said, "kinds")?.includes(kind));
  const devices = listIn(said, "devices")?.filter((device) => typeof device === "string");
  return { kinds, ...(devices === undefined ? {} : { devices }) };
}

/** Whether an answer may be another after a change. A new manifest can change anything. */
export function concerns(change: Change, on: readonly string[], about: string | undefined): boolean {
  const { kinds, devices } = change;
  if (kinds.includes("manifest")) return true;
  if (!kinds.some((kind) => on.includes(kind))) return false;
  return about === undefined || devices === undefined || devices.includes(about);
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

function listIn(said: unknown, name: string): readonly unknown[] | undefined {
  const list: unknown = typeof said === "object" && said !== null ? Reflect.get(said, name) : undefined;
  return Array.isArray(list) ? list : undefined;
}
