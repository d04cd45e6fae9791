import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ed25519Key, keyId } from "../../protocol/tuf/identify-key.ts";
import type { TrustFiles } from "../state/fleet-model.ts";
import { OFFLINE_LIFETIMES } from "../trust/lifetimes.ts";
import { readRole } from "../trust/read-role.ts";
import type { TrustProblem } from "../trust/verify-trust.ts";
import { verifyTrust } from "../trust/verify-trust.ts";
import { readPublicHalf } from "./key-file.ts";

/** One signed file of `trust/`. */
export interface RoleReport {
  readonly file: string;
  readonly version: number;
  /** Seconds since 1970; from `alarmAt` on it should be signed again. */
  readonly expires: number;
  readonly alarmAt: number;
}

/** Who may sign one role. */
export interface HolderReport {
  readonly role: string;
  readonly threshold: number;
  readonly keyids: readonly string[];
}

export interface KeysReport {
  readonly holders: readonly HolderReport[];
  readonly roles: readonly RoleReport[];
  readonly problems: readonly TrustProblem[];
  /** Private keys of the folder that was looked at; their public halves only. */
  readonly keyFiles: readonly { readonly file: string; readonly role: string; readonly keyid: string }[];
}

/** What `trust/` and a folder of keys say: fingerprints and dates, never a secret. */
export function describeKeys(trust: TrustFiles | undefined, keyFolder: string, now: number): KeysReport {
  const { problems, roles } =
    trust === undefined ? { problems: [], roles: undefined } : verifyTrust(trust, now);
  const holders: HolderReport[] = [];
  for (const [role, { keyids, threshold }] of Object.entries(roles?.root?.roles ?? {})) {
    holders.push({ role, threshold, keyids });
  }
  for (const { name, keyids, threshold } of roles?.targets?.delegations?.roles ?? []) {
    holders.push({ role: name, threshold, keyids });
  }
  return {
    holders,
    roles: trust === undefined ? [] : roleReports(trust),
    problems,
    keyFiles: keyReports(keyFolder),
  };
}

function roleReports({ roots, targets, releases }: TrustFiles): RoleReport[] {
  const newest = Math.max(...roots.keys());
  const files: [file: string, type: "root" | "targets", bytes: Buffer | undefined, alarm: number][] = [
    [`trust/root/${newest}.root.json`, "root", roots.get(newest), OFFLINE_LIFETIMES.root.alarm],
    ["trust/targets.json", "targets", targets, OFFLINE_LIFETIMES.targets.alarm],
    ...[...releases].map(([product, bytes]): (typeof files)[number] => [
      `trust/releases/${product}.json`,
      "targets",
      bytes,
      OFFLINE_LIFETIMES.releases.alarm,
    ]),
  ];
  return files.flatMap(([file, type, bytes, alarm]) => {
    if (bytes === undefined) return [];
    try {
      const { role, expires } = readRole(type, bytes);
      return [{ file, version: role.version, expires, alarmAt: expires - alarm }];
    } catch {
      return []; // `problems` says why.
    }
  });
}

function keyReports(folder: string): KeysReport["keyFiles"] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => {
      const file = join(folder, name);
      const { role, publicKey } = readPublicHalf(file);
      return { file, role, keyid: keyId(ed25519Key(Buffer.from(publicKey, "hex"))) };
    });
}
