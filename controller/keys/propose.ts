import { isDeepStrictEqual } from "node:util";
import type { RoleDocument } from "../../protocol/tuf/roles.ts";
import { buildReleases, buildRoot, buildTargets, type TrustHolders } from "../trust/build-trust.ts";
import type { ProductToSign } from "../trust/release-index.ts";
import { releaseTargets } from "../trust/release-index.ts";
import { nextVersion } from "../trust/sign-role.ts";
import type { SharedRole } from "./change-holders.ts";
import { holdersOf } from "./holders.ts";
import type { IndexDocument, RootDocument, TargetsDocument, TrustDocuments } from "./trust-documents.ts";

/** What a ceremony is to reach. */
export interface Wanted {
  readonly holders: TrustHolders;
  /** Roles that are signed again although nothing in them changes but when they expire. */
  readonly renew?: readonly SharedRole[];
  /** What the version files of a product say: asked for where its index has to be signed by another key. */
  readonly productOf: (name: string) => ProductToSign;
}

/**
 * The documents that have to be signed so that the wanted holders hold what they should. The one place that knows what
 * follows from what: a change of the targets keys needs a root and the delegations, one of a release key the
 * delegations and the index, one of the online key root and delegations.
 *
 * Pure.
 *
 * @param now seconds since 1970
 */
export function propose(present: TrustDocuments, wanted: Wanted, now: number): TrustDocuments {
  const { root: rootBefore, targets: targetsBefore } = present;
  const { holders, renew = [], productOf } = wanted;

  const root = buildRoot(holders, (rootBefore?.role.version ?? 0) + 1, now);
  const isNewRoot = renew.includes("root") || !isSameApartFromAge(rootBefore?.role, root);
  const targets = buildTargets(holders, nextVersion(targetsBefore?.role.version, now), now);
  const isNewTargets =
    renew.includes("targets") ||
    !isSameApartFromAge(targetsBefore?.role, targets) ||
    !isDeepStrictEqual(rootBefore?.role.roles.targets, root.roles.targets);

  const before =
    rootBefore === undefined || targetsBefore === undefined
      ? undefined
      : holdersOf(rootBefore.role, targetsBefore.role);
  const indexes = new Map<string, IndexDocument>();
  for (const [product, { keyid }] of holders.releases) {
    if (before?.releases.get(product)?.keyid === keyid) continue;
    const version = nextVersion(present.indexes.get(product)?.role.version, now);
    const role = buildReleases(releaseTargets(productOf(product)), version, now);
    indexes.set(product, { kind: "index", product, role, signatures: [] });
  }
  const unsigned = {
    root: { kind: "root", role: root, signatures: [] } satisfies RootDocument,
    targets: { kind: "targets", role: targets, signatures: [] } satisfies TargetsDocument,
  };
  return {
    ...(isNewRoot ? { root: unsigned.root } : {}),
    ...(isNewTargets ? { targets: unsigned.targets } : {}),
    indexes,
  };
}

function isSameApartFromAge(before: RoleDocument | undefined, now: RoleDocument): boolean {
  if (before === undefined) return false;
  const { version, expires } = before;
  return isDeepStrictEqual(before, { ...now, version, expires });
}
