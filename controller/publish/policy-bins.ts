import { canonicalJson } from "../../protocol/canonical-json.ts";
import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import {
  POLICY_ROLE,
  tenantBinPattern,
  tenantBinPrefix,
  tenantBinRole,
} from "../../protocol/manifest-names.ts";
import type { Delegations, TargetsRole } from "../../protocol/tuf/roles.ts";
import { type Chunk, chunksOf } from "../state/chunked-map.ts";
import type { PublicKey } from "../trust/build-trust.ts";
import { contentDigest } from "./content-digest.ts";
import type { TargetListing } from "./sign-online.ts";

/** Digits of a tenant's name that choose its bin; 0: the role `policy` lists all tenants itself. */
export type BinDepth = 0 | 1 | 2;

/** Up to how many tenants bins of so many digits are enough: hardly a role then lists more than 500 targets. */
const MOST_TENANTS: Readonly<Record<0 | 1, number>> = { 0: 256, 1: 8000 };

const DIGITS = [..."0123456789abcdef"];

/** What one online role lists and delegates, before it is signed. */
export interface PolicyRoleContent {
  readonly name: string;
  /** Its documents by target path, in parts that are the same again while nothing in them changes. */
  readonly documents: readonly Chunk<Buffer>[];
  readonly delegations?: Delegations;
}

/**
 * How many digits the bins get. Never fewer than before: clients refuse a snapshot that lacks a role of an earlier one
 * (TUF 1.0, section 5.5.5), and a fleet near a limit would move its tenants back and forth.
 */
export function binDepth(tenants: number, before: BinDepth): BinDepth {
  const needed = tenants <= MOST_TENANTS[0] ? 0 : tenants <= MOST_TENANTS[1] ? 1 : 2;
  return before > needed ? before : needed;
}

/** How deep the bins of a manifest go, by the names of its roles. */
export function depthOf(bins: ReadonlyMap<string, unknown>): BinDepth {
  if (bins.has(tenantBinRole("00"))) return 2;
  return bins.size > 0 ? 1 : 0;
}

/**
 * Shares the policy documents out: those of products to the role `policy`, those of tenants to it or to its bins.
 * Deeper bins are delegated by the ones above them, which stay and then list nothing: a fleet that grows only adds
 * roles. Every bin exists, also an empty one; all are signed by the same key and terminating.
 */
export function policyRoleContents(
  documents: ReadonlyMap<string, Buffer>,
  depth: BinDepth,
  online: PublicKey,
): PolicyRoleContent[] {
  const shares = new Map(
    ["", ...binPrefixes(depth)].map((prefix): [string, Chunk<Buffer>[]] => [prefix, []]),
  );
  for (const chunk of chunksOf(documents)) {
    for (const [prefix, part] of sharedOut(chunk, depth)) shares.get(prefix)?.push(part);
  }
  return [...shares].map(([prefix, parts]) => ({
    name: prefix === "" ? POLICY_ROLE : tenantBinRole(prefix),
    documents: parts,
    ...(prefix.length < depth ? { delegations: delegateBins(prefix, online) } : {}),
  }));
}

interface SharedOut {
  readonly depth: BinDepth;
  readonly byPrefix: ReadonlyMap<string, Chunk<Buffer>>;
}

const knownShares = new KeptByIdentity<Chunk<Buffer>, SharedOut>();

/** Some documents by the bin that they belong to. */
function sharedOut(chunk: Chunk<Buffer>, depth: BinDepth): SharedOut["byPrefix"] {
  const known = knownShares.get(chunk);
  if (known?.depth === depth) return known.byPrefix;
  const byPrefix = new Map<string, Map<string, Buffer>>();
  for (const [path, bytes] of chunk) {
    const prefix = depth === 0 ? "" : (tenantBinPrefix(path, depth) ?? "");
    const part = byPrefix.get(prefix) ?? new Map<string, Buffer>();
    byPrefix.set(prefix, part.set(path, bytes));
  }
  knownShares.set(chunk, { depth, byPrefix });
  return byPrefix;
}

/** How a role lists documents. It is written at once: there are hundreds in a role of which one has changed. */
export function listingOf({ documents }: PolicyRoleContent): TargetListing {
  const files = documents
    .flatMap((part) => [...part])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => {
      const said = `{"hashes":{"sha256":"${contentDigest(bytes)}"},"length":${bytes.length}}`;
      return `${canonicalJson(path)}:${said}`;
    });
  return { size: files.length, text: `{${files.join(",")}}` };
}

/** Of a role that was signed or looked at the documents that it lists. */
const knownListings = new KeptByIdentity<TargetsRole, PolicyRoleContent["documents"]>();

/** Takes note of what a role lists, by who has just signed it. */
export function rememberListing(role: TargetsRole, { documents }: PolicyRoleContent): void {
  knownListings.set(role, documents);
}

/** Whether a signed role says exactly this. */
export function listsContent(role: TargetsRole, { documents, delegations }: PolicyRoleContent): boolean {
  const known = knownListings.get(role);
  const isSame = known === undefined ? lists(role, documents) : areSameDocuments(known, documents);
  if (!isSame) return false;
  knownListings.set(role, documents);
  return delegatesJust(role, delegations);
}

function lists(role: TargetsRole, documents: PolicyRoleContent["documents"]): boolean {
  if (Object.keys(role.targets).length !== sizeOf(documents)) return false;
  return documents.every((part) => part.entries().every(([path, bytes]) => isListed(role, path, bytes)));
}

/** Whether the same paths lead to the same bytes. Nearly always the parts themselves are the same. */
function areSameDocuments(
  before: PolicyRoleContent["documents"],
  now: PolicyRoleContent["documents"],
): boolean {
  if (before.length === now.length && before.every((part, index) => part === now[index])) return true;
  if (sizeOf(before) !== sizeOf(now)) return false;
  const left = before.filter((part) => !now.includes(part));
  const right = now.filter((part) => !before.includes(part));
  const bytesOf = (path: string): Buffer | undefined => left.find((part) => part.has(path))?.get(path);
  return right.every((part) =>
    part.entries().every(([path, bytes]) => {
      const earlier = bytesOf(path);
      return earlier === bytes || (earlier !== undefined && contentDigest(earlier) === contentDigest(bytes));
    }),
  );
}

function sizeOf(documents: PolicyRoleContent["documents"]): number {
  return documents.reduce((sum, part) => sum + part.size, 0);
}

const knownDelegations = new KeptByIdentity<TargetsRole, Delegations>();

function delegatesJust(role: TargetsRole, delegations: Delegations | undefined): boolean {
  if (delegations === undefined) return role.delegations === undefined;
  if (knownDelegations.get(role) === delegations) return true;
  if (canonicalJson(role.delegations ?? null) !== canonicalJson(delegations)) return false;
  knownDelegations.set(role, delegations);
  return true;
}

function isListed({ targets }: TargetsRole, path: string, bytes: Buffer): boolean {
  return Object.hasOwn(targets, path) && targets[path]?.hashes.sha256 === contentDigest(bytes);
}

function binPrefixes(depth: BinDepth): string[] {
  if (depth === 0) return [];
  const pairs = DIGITS.flatMap((first) => DIGITS.map((second) => first + second));
  return depth === 1 ? DIGITS : [...DIGITS, ...pairs];
}

const delegatedBy = new KeptByIdentity<PublicKey["key"], Map<string, Delegations>>();

/** The same again for the same key: it is compared with what was signed before. */
function delegateBins(prefix: string, online: PublicKey): Delegations {
  const byPrefix = delegatedBy.of(online.key, () => new Map());
  const known = byPrefix.get(prefix) ?? delegationsTo(prefix, online);
  byPrefix.set(prefix, known);
  return known;
}

function delegationsTo(prefix: string, { key, keyid }: PublicKey): Delegations {
  return {
    keys: { [keyid]: key },
    roles: DIGITS.map((digit) => ({
      name: tenantBinRole(prefix + digit),
      keyids: [keyid],
      threshold: 1,
      paths: [tenantBinPattern(prefix + digit)],
      terminating: true,
    })),
  };
}
