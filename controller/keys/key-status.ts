import { sha256Hex } from "../../protocol/digest.ts";
import { DomainError } from "../../protocol/domain-error.ts";
import type { TrustFiles } from "../state/fleet-model.ts";
import { OFFLINE_LIFETIMES } from "../trust/lifetimes.ts";
import { readRole } from "../trust/read-role.ts";
import { type TrustProblem, verifyTrust } from "../trust/verify-trust.ts";

/** How long one signed file is still good. */
export interface ExpiryReport {
  /** Relative to the state root. */
  readonly file: string;
  readonly version: number;
  /** Seconds since 1970; from `signAgainFrom` on it should be signed again. */
  readonly expires: number;
  readonly signAgainFrom: number;
  readonly state: "good" | "near-expiry" | "expired";
  /** What signs it again. */
  readonly command: string;
}

/** A root, and the SHA-256 of its file: what people compare when they enrol a machine. */
export interface RootReport {
  readonly file: string;
  readonly sha256: string;
}

export interface StatusReport {
  readonly signed: readonly ExpiryReport[];
  /** The first root, which servers hand out to machines that enrol, and the newest. */
  readonly roots: { readonly first: RootReport; readonly newest: RootReport } | undefined;
  /** Whether keys of the first root are no longer trusted: a thief of enough of them could deceive a new machine. */
  readonly firstRootRetired: boolean;
  /** What a machine needs to trust this fleet; `undefined` where there is no root. */
  readonly enroll: string | undefined;
  /** What is wrong with `trust/`, apart from the dates above. */
  readonly problems: readonly TrustProblem[];
}

/** What expires when, what to do about it, and what machines need to enrol. Pure; `now` in seconds since 1970. */
export function describeStatus(trust: TrustFiles, product: string | undefined, now: number): StatusReport {
  const { roots } = trust;
  const numbers = [...roots.keys()].sort((a, b) => a - b);
  const report = (number: number | undefined): RootReport | undefined => {
    const bytes = number === undefined ? undefined : roots.get(number);
    return bytes && { file: `trust/root/${number}.root.json`, sha256: sha256Hex(bytes) };
  };
  const first = report(numbers[0]);
  const newest = report(numbers.at(-1));
  const retired = firstRootRetired(trust, numbers);
  return {
    signed: expiries(trust, numbers.at(-1), now),
    roots: first === undefined || newest === undefined ? undefined : { first, newest },
    firstRootRetired: retired,
    enroll:
      first === undefined || newest === undefined
        ? undefined
        : enrollLine(product, retired ? `--root ${newest.file}` : `--root-sha256 ${first.sha256}`),
    problems: verifyTrust(trust, now).problems.filter(
      ({ kind }) => kind !== "expired" && kind !== "near-expiry",
    ),
  };
}

function enrollLine(product = "PRODUCT", root: string): string {
  return `fairlead-agent enroll --server URL --product ${product} --install-path FILE ${root}`;
}

function expiries({ roots, targets, releases }: TrustFiles, newest: number | undefined, now: number) {
  const root = newest === undefined ? undefined : roots.get(newest);
  return [
    ...expiry(`trust/root/${newest}.root.json`, "root", root, "fairlead keys renew root", now),
    ...expiry("trust/targets.json", "targets", targets, "fairlead keys renew targets", now),
    ...[...releases].flatMap(([product, bytes]) =>
      expiry(`trust/releases/${product}.json`, "releases", bytes, `fairlead release sign ${product}`, now),
    ),
  ];
}

function expiry(
  file: string,
  kind: keyof typeof OFFLINE_LIFETIMES,
  bytes: Buffer | undefined,
  command: string,
  now: number,
): ExpiryReport[] {
  if (bytes === undefined) return [];
  try {
    const { role, expires } = readRole(kind === "root" ? "root" : "targets", bytes);
    const signAgainFrom = expires - OFFLINE_LIFETIMES[kind].alarm;
    const state = now >= expires ? "expired" : now >= signAgainFrom ? "near-expiry" : "good";
    return [{ file, version: role.version, expires, signAgainFrom, state, command }];
  } catch (error) {
    if (error instanceof DomainError) return []; // `problems` says why.
    throw error;
  }
}

/** Whether the first root trusts a root key that the newest one does not. */
function firstRootRetired({ roots }: TrustFiles, numbers: readonly number[]): boolean {
  const keyids = (number: number | undefined): readonly string[] => {
    const bytes = number === undefined ? undefined : roots.get(number);
    try {
      return bytes === undefined ? [] : readRole("root", bytes).role.roles.root.keyids;
    } catch (error) {
      if (error instanceof DomainError) return [];
      throw error;
    }
  };
  const now = keyids(numbers.at(-1));
  return keyids(numbers[0]).some((keyid) => !now.includes(keyid));
}
