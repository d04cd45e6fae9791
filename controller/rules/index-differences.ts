import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { TargetsRole } from "../../protocol/tuf/roles.ts";
import type { VersionScheme } from "../../protocol/version.ts";
import type { VersionState } from "../../schemas/state.generated.ts";
import type { ProductModel, StateDocument } from "../state/fleet-model.ts";
import { schemeOf } from "../state/product-versions.ts";
import { compareReleaseIndex, type IndexDifference, releaseTargets } from "../trust/release-index.ts";
import type { RuleContext } from "./rule.ts";
import { trustVerdict } from "./trust-verdict.ts";

export interface LocatedDifference {
  readonly product: string;
  readonly indexFile: string;
  readonly difference: IndexDifference;
  /** The version's file; `undefined` where the index names a version without one. */
  readonly document: StateDocument<VersionState> | undefined;
}

/**
 * Where the signed index of a product and its files disagree; the first difference of each version and kind, since one
 * unsigned version shows in each of its artifacts, and the version scheme in all of them. Products whose index did not
 * verify are left out: other rules report them.
 */
export function indexDifferences(context: RuleContext): readonly LocatedDifference[] {
  return ofContext.of(context, () => [...findAll(context)]);
}

/** Three rules ask. */
const ofContext = new KeptByIdentity<RuleContext, readonly LocatedDifference[]>();

function* findAll(context: RuleContext): Generator<LocatedDifference> {
  const verdict = trustVerdict(context);
  if (verdict === undefined) return;
  for (const [product, model] of context.state.products) {
    const role = verdict.roles.releases.get(product);
    // Where a version file could not be read, the index would seem to name a version that is not there.
    if (role === undefined || context.state.productsWithBrokenVersions.has(product)) continue;
    yield* differencesOf(model, role);
  }
}

interface KnownDifferences {
  readonly versions: ProductModel["versions"];
  readonly scheme: VersionScheme;
  readonly differences: readonly LocatedDifference[];
}

const known = new KeptByIdentity<TargetsRole, KnownDifferences>();

/** Compared once for as long as neither the index nor a version file changes: three rules ask, at each commit. */
function differencesOf(model: ProductModel, role: TargetsRole): readonly LocatedDifference[] {
  const { versions } = model;
  const scheme = schemeOf(model);
  const before = known.get(role);
  if (before?.versions === versions && before.scheme === scheme) return before.differences;
  const differences = [...findDifferences(model, role)];
  known.set(role, { versions, scheme, differences });
  return differences;
}

function* findDifferences(model: ProductModel, role: TargetsRole): Generator<LocatedDifference> {
  const product = model.name;
  const versions = [...model.versions].filter(([name, { value }]) => name === value.version);
  const expected = releaseTargets({
    name: product,
    versionScheme: schemeOf(model),
    versions: versions.map(([, { value }]) => value),
  });
  const told = new Set<string>();
  for (const difference of compareReleaseIndex(role, expected)) {
    const { version, kind, field = "" } = difference;
    const key = `${field === "versionScheme" ? "" : version} ${kind} ${field}`;
    if (told.has(key)) continue;
    told.add(key);
    yield {
      product,
      indexFile: `trust/releases/${product}.json`,
      difference,
      document: model.versions.get(version),
    };
  }
}
