import { canonicalJson } from "../../protocol/canonical-json.ts";
import type { TargetsRole } from "../../protocol/tuf/roles.ts";
import type { PublicKey, TrustHolders } from "../trust/build-trust.ts";
import { keyName } from "./approvals.ts";
import { type SharedRole, thresholdOf } from "./change-holders.ts";
import { holdersOf } from "./holders.ts";
import type { SigningRequest } from "./signing-request.ts";
import type { IndexDocument, TrustDocument, TrustDocuments } from "./trust-documents.ts";

/** Lines about single artifacts of an index; the rest is counted. */
const MOST_ARTIFACTS = 20;

/**
 * What signing a request changes, in plain words: one line each, details of it indented. Says everything that is in a
 * sound request.
 */
export function describeRequest(request: SigningRequest): string[] {
  const { present, proposed } = request;
  const after = holdersIn({ ...present, ...proposed });
  const before = holdersIn(present);
  const say = new Describer(request);
  const lines: string[] = [];
  if (proposed.root !== undefined && after !== undefined) {
    const { version } = proposed.root.role;
    const follows =
      present.root === undefined ? "is the first: machines will trust it" : `follows root ${version - 1}`;
    lines.push(`root ${version} ${follows}; ${age(proposed.root, present.root)}`);
    for (const role of ["root", "targets"] as const) lines.push(...say.sharedRole(role, before, after));
    lines.push(...say.oneKey("online key", before?.online, after.online));
  }
  if (proposed.targets !== undefined && after !== undefined) {
    lines.push(`the delegations are signed again; ${age(proposed.targets, present.targets)}`);
    for (const product of [
      ...new Set([...(before?.releases.keys() ?? []), ...after.releases.keys()]),
    ].sort()) {
      const now = after.releases.get(product);
      if (now === undefined)
        lines.push(`    product ${product} loses its release key: nobody may sign its releases`);
      else lines.push(...say.oneKey(`release key of ${product}`, before?.releases.get(product), now));
    }
  }
  for (const [product, index] of proposed.indexes) {
    const old = present.indexes.get(product);
    lines.push(`the releases of ${product} are signed again; ${age(index, old)}`, ...artifacts(old, index));
  }
  return lines;
}

/** Words about keys, with the names that the roots of the request give to their holders. */
class Describer {
  private readonly request: SigningRequest;

  constructor(request: SigningRequest) {
    this.request = request;
  }

  sharedRole(role: SharedRole, before: TrustHolders | undefined, after: TrustHolders): string[] {
    const count = (holders: TrustHolders): string =>
      `${thresholdOf(holders, role)} of ${holders[role].length}`;
    const was =
      before === undefined
        ? ""
        : count(before) === count(after)
          ? ", as before"
          : ` (before: ${count(before)})`;
    return [
      `    ${role} keys: ${count(after)} must sign${was}`,
      ...this.keys(before?.[role] ?? [], after[role]),
    ];
  }

  oneKey(what: string, before: PublicKey | undefined, after: PublicKey): string[] {
    if (before?.keyid === after.keyid) return [];
    const instead = before === undefined ? "" : ` instead of ${keyName(this.request, before)}`;
    return [`    ${what}: ${keyName(this.request, after)}${instead}`];
  }

  private keys(before: readonly PublicKey[], after: readonly PublicKey[]): string[] {
    const lacks = (keys: readonly PublicKey[], { keyid }: PublicKey) =>
      !keys.some((one) => one.keyid === keyid);
    return [
      ...after.filter((key) => lacks(before, key)).map((key) => `      + ${keyName(this.request, key)}`),
      ...before.filter((key) => lacks(after, key)).map((key) => `      - ${keyName(this.request, key)}`),
    ];
  }
}

function holdersIn({ root, targets }: TrustDocuments): TrustHolders | undefined {
  return root === undefined || targets === undefined ? undefined : holdersOf(root.role, targets.role);
}

function age(document: TrustDocument, before: TrustDocument | undefined): string {
  const day = ({ role }: TrustDocument): string => role.expires.slice(0, 10);
  const was = before === undefined ? "" : ` (now: until ${day(before)})`;
  return `good until ${day(document)}${was}`;
}

/** How an index differs from the one before: an artifact that changes is worth a question before signing. */
function artifacts(before: IndexDocument | undefined, after: IndexDocument): string[] {
  const old = before?.role.targets ?? {};
  const now = after.role.targets;
  const lines = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort().flatMap((path) => {
    const [was, is] = [entry(old, path), entry(now, path)];
    if (was === is) return [];
    return [`      ${was === undefined ? "+" : is === undefined ? "-" : "~"} ${path}`];
  });
  const all = Object.keys(now).length;
  const count = all === 1 ? "1 artifact" : `${all} artifacts`;
  if (lines.length === 0) return [`    ${count}, the same as before`];
  const more = lines.length - MOST_ARTIFACTS;
  return [
    `    ${count}${before === undefined ? "" : ", not the same as before"}`,
    ...lines.slice(0, MOST_ARTIFACTS),
    ...(more > 0 ? [`      and ${more} more`] : []),
  ];
}

function entry(targets: TargetsRole["targets"], path: string): string | undefined {
  return Object.hasOwn(targets, path) ? canonicalJson(targets[path]) : undefined;
}
