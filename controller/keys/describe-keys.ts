import type { TrustFiles } from "../state/fleet-model.ts";
import { type TrustProblem, verifyTrust } from "../trust/verify-trust.ts";
import { holderNames } from "./holders.ts";
import type { KeyFile } from "./key-file.ts";
import { newestRoot } from "./trust-documents.ts";

/** Who may sign one role. */
export interface HolderReport {
  readonly role: string;
  readonly threshold: number;
  readonly keys: readonly { readonly keyid: string; readonly holder?: string }[];
}

/** A private key at hand; its public half only. */
export interface KeyFileReport {
  readonly file: string;
  readonly role: string;
  readonly keyid: string;
  readonly encrypted: boolean;
  /** Whether it may sign its role now. One that may not is new, or retired. */
  readonly trusted: boolean;
}

export interface KeysReport {
  readonly holders: readonly HolderReport[];
  readonly keyFiles: readonly KeyFileReport[];
  readonly problems: readonly TrustProblem[];
}

/** Who may sign what, and which private keys are at hand: fingerprints, never a secret. */
export function describeKeys(
  trust: TrustFiles | undefined,
  keyFiles: readonly KeyFile[],
  now: number,
): KeysReport {
  const { problems, roles } =
    trust === undefined ? { problems: [], roles: undefined } : verifyTrust(trust, now);
  const root = roles?.root && trust && newestRoot(trust);
  const names = root === undefined ? new Map<string, string>() : holderNames(root.role);
  const topLevel = Object.entries(roles?.root?.roles ?? {}).map(([name, keys]) => ({ name, ...keys }));
  const delegated = roles?.targets?.delegations?.roles ?? [];
  const holders = [...topLevel, ...delegated].map(({ name, keyids, threshold }) => ({
    role: name,
    threshold,
    keys: keyids.map((keyid) => {
      const holder = names.get(keyid);
      return { keyid, ...(holder === undefined ? {} : { holder }) };
    }),
  }));
  return {
    holders,
    keyFiles: keyFiles.map(({ path, role, publicKey: { keyid }, isEncrypted }) => ({
      file: path,
      role,
      keyid,
      encrypted: isEncrypted,
      trusted: holders.some(
        (holder) => isFor(role, holder.role) && holder.keys.some((key) => key.keyid === keyid),
      ),
    })),
    problems,
  };
}

/** The online key has three roles in the metadata, which people never see apart. */
function isFor(keyRole: string, role: string): boolean {
  return keyRole === "online" ? ["policy", "snapshot", "timestamp"].includes(role) : keyRole === role;
}
