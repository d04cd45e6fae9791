import type {
  ChannelState,
  ExpectationsState,
  FleetState,
  ProductState,
  TenantState,
  VersionState,
} from "../../schemas/state.generated.ts";
import type { Span } from "../diagnostics/diagnostic.ts";

/** One state file whose content satisfies its schema, with the way back to its text. */
export interface StateDocument<T> {
  /** Relative to the state root. */
  readonly file: string;
  readonly blob: string;
  readonly value: T;
  /**
   * The span of the value at a path (`["rollout", "waves", 2]`), or of the key itself. A path that is not in the
   * file gives the span of its nearest parent. Positions are computed when first asked for.
   */
  spanOf(path: readonly (string | number)[], part?: "value" | "key"): Span;
}

export interface ProductModel {
  readonly name: string;
  readonly product: StateDocument<ProductState>;
  readonly channels: ReadonlyMap<string, StateDocument<ChannelState>>;
  readonly versions: ReadonlyMap<string, StateDocument<VersionState>>;
}

/** The `trust/` folder: signed offline, carried as it is. */
export interface TrustFiles {
  /** `trust/root/<n>.root.json` by number. */
  readonly roots: ReadonlyMap<number, Buffer>;
  readonly targets?: Buffer;
  /** `trust/releases/<product>.json` by product. */
  readonly releases: ReadonlyMap<string, Buffer>;
}

/** Everything that one commit says, typed. Built only from a snapshot whose files satisfy their schemas. */
export interface FleetModel {
  readonly commit: string;
  readonly committedAt: number;
  readonly fleet: StateDocument<FleetState>;
  readonly products: ReadonlyMap<string, ProductModel>;
  readonly tenants: ReadonlyMap<string, StateDocument<TenantState>>;
  /** What must hold of the rest, by the name of the file. None of it is published. */
  readonly expectations: ReadonlyMap<string, StateDocument<ExpectationsState>>;
  /** `undefined`: the state has no `trust/` folder. */
  readonly trust: TrustFiles | undefined;
}
