import type { ExpectationsState, FleetState, TenantState } from "../../schemas/state.generated.ts";
import type { FleetModel, ProductModel, StateDocument, TrustFiles } from "./fleet-model.ts";

/**
 * What could be read of a commit: every document that satisfies its schema. Rules look at this, so that one broken
 * file hides no mistake of another.
 */
export interface SoundState {
  readonly commit: string;
  readonly committedAt: number;
  /** `undefined`: missing or broken. */
  readonly fleet: StateDocument<FleetState> | undefined;
  /** Without those whose `product.yaml` is missing or broken. */
  readonly products: ReadonlyMap<string, ProductModel>;
  readonly tenants: ReadonlyMap<string, StateDocument<TenantState>>;
  readonly expectations: ReadonlyMap<string, StateDocument<ExpectationsState>>;
  readonly trust: TrustFiles | undefined;
  /** Paths of all files of the commit, broken ones too: a reference to one of them is not a broken reference. */
  readonly files: PathSet;
  /** Names of all products that have a folder. */
  readonly productNames: ReadonlySet<string>;
  /** Products with a version file that could not be read. */
  readonly productsWithBrokenVersions: ReadonlySet<string>;
  /** Names of all channels that any product has a file for, broken ones too. */
  readonly channelNames: ReadonlySet<string>;
  /** All these names as one text, which stays while no product or channel comes or goes, nor can be read or not. */
  readonly namesText: string;
}

/** What can be asked of the paths of a commit. */
export type PathSet = Pick<ReadonlySet<string>, "has">;

/** The whole model, or `undefined` while the fleet file is missing. */
export function fleetModelOf(state: SoundState): FleetModel | undefined {
  const { commit, committedAt, fleet, products, tenants, expectations, trust } = state;
  return fleet === undefined
    ? undefined
    : { commit, committedAt, fleet, products, tenants, expectations, trust };
}
