import { canonicalBytes } from "../../protocol/canonical-json.ts";
import { DomainError } from "../../protocol/domain-error.ts";
import type { RoleDocument } from "../../protocol/tuf/roles.ts";
import { buildReleases, buildRoot, buildTargets, type TrustHolders } from "../trust/build-trust.ts";
import { OFFLINE_LIFETIMES } from "../trust/lifetimes.ts";
import { countsFor, standings } from "./approvals.ts";
import { requireThreshold, thresholdOf } from "./change-holders.ts";
import { holdersOf } from "./holders.ts";
import { KeyError } from "./key-error.ts";
import type { SigningRequest } from "./signing-request.ts";
import { documentPath, listDocuments, type TrustDocument, type TrustDocuments } from "./trust-documents.ts";

const DAY = 86_400;

/** What `releaseTargetPath` makes: nothing in it can steer a terminal on which it is shown. */
const TARGET_PATH = /^releases(\/[A-Za-z0-9][A-Za-z0-9._-]*){4}$/;

/**
 * Whether a request is one that its holders may sign once they agree with what it says: what is in force is signed, and
 * what is proposed is exactly what Fairlead would build, so that nothing in it goes unsaid. Who made it need not be
 * trusted.
 *
 * @param now seconds since 1970
 * @throws KeyError `keys/bad-request`
 */
export function requireSoundRequest(request: SigningRequest, now: number): void {
  try {
    checkPresent(request.present);
    checkProposed(request, now);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === "keys/bad-request") throw error;
    throw refused(error.message);
  }
}

function checkPresent(present: TrustDocuments): void {
  const { root, targets, indexes } = present;
  if (root === undefined && targets === undefined && indexes.size === 0) return;
  if (root === undefined || targets === undefined) throw refused("it holds only a part of what is in force");
  // What is in force is judged like a request that is complete, with nothing before it.
  const missing = standings({
    purpose: "",
    madeAt: 0,
    present: { indexes: new Map() },
    proposed: present,
  }).find((standing) => standing.missing > 0);
  if (missing === undefined) return;
  throw refused(
    `${documentPath(missing.document)}, which it says is in force, is not signed by the ${missing.by}`,
  );
}

function checkProposed(request: SigningRequest, now: number): void {
  const { present, proposed } = request;
  const documents = listDocuments(proposed);
  const root = proposed.root ?? present.root;
  const targets = proposed.targets ?? present.targets;
  if (documents.length === 0) throw refused("it asks for nothing");
  if (root === undefined || targets === undefined)
    throw refused("it begins without a root or without delegations");
  const holders = holdersOf(root.role, targets.role);
  for (const role of ["root", "targets"] as const) {
    requireThreshold(thresholdOf(holders, role), holders[role].length);
  }
  for (const document of documents) {
    const path = documentPath(document);
    const built = rebuild(document, holders);
    if (built === undefined || !canonicalBytes(built).equals(canonicalBytes(document.role))) {
      throw refused(`${path} says something that Fairlead does not write and cannot explain`);
    }
    checkVersion(document, presentOf(present, document), now);
    checkExpiry(document, now);
    const signers = document.signatures.map(({ keyid }) => keyid);
    if (new Set(signers).size < signers.length) throw refused(`${path} is signed twice by one key`);
    const stray = document.signatures.find((signature) => !countsFor(request, document, signature));
    if (stray !== undefined) {
      const key = /^[0-9a-f]+$/.test(stray.keyid) ? stray.keyid.slice(0, 16) : "without an id";
      throw refused(`the signature of key ${key} on ${path} does not hold, or counts for nothing`);
    }
  }
}

/** What Fairlead writes for these holders; `undefined` for the index of a product that has no release key. */
function rebuild(document: TrustDocument, holders: TrustHolders): RoleDocument | undefined {
  const { version, expires } = document.role;
  switch (document.kind) {
    case "root":
      return { ...buildRoot(holders, version, 0), expires };
    case "targets":
      return { ...buildTargets(holders, version, 0), expires };
    case "index": {
      const { product, role } = document;
      const isOwn = Object.keys(role.targets).every(
        (path) => TARGET_PATH.test(path) && path.startsWith(`releases/${product}/`),
      );
      if (!holders.releases.has(product) || !isOwn) return undefined;
      return { ...buildReleases({}, version, 0), targets: role.targets, expires };
    }
  }
}

function presentOf(
  { root, targets, indexes }: TrustDocuments,
  document: TrustDocument,
): TrustDocument | undefined {
  switch (document.kind) {
    case "root":
      return root;
    case "targets":
      return targets;
    case "index":
      return indexes.get(document.product);
  }
}

/** A root is the next one; other versions count seconds. One far ahead would leave no room for those that follow. */
function checkVersion(document: TrustDocument, before: TrustDocument | undefined, now: number): void {
  const { version } = document.role;
  const next = (before?.role.version ?? 0) + 1;
  const most = document.kind === "root" ? next : Math.max(next, now + DAY);
  if (version >= next && version <= most) return;
  throw refused(`${documentPath(document)} has version ${version}, and ${next} follows what is in force`);
}

function checkExpiry(document: TrustDocument, now: number): void {
  const kind = document.kind === "index" ? "releases" : document.kind;
  const { expires } = document.role;
  const seconds = Date.parse(expires) / 1000;
  if (seconds > now && seconds <= now + OFFLINE_LIFETIMES[kind].life + DAY) return;
  const days = OFFLINE_LIFETIMES[kind].life / DAY;
  throw refused(
    `${documentPath(document)} expires on ${expires}, and must within the ${days} days from today`,
  );
}

function refused(why: string): KeyError {
  return new KeyError("keys/bad-request", `this request must not be signed: ${why}`, {
    help: "ask whoever made it; a new one is made with `fairlead keys request`",
  });
}
