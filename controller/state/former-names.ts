import { KeptByIdentity } from "../../protocol/kept-by-identity.ts";
import type { TenantState } from "../../schemas/state.generated.ts";
import { type Chunk, chunksOf } from "./chunked-map.ts";
import type { FleetModel, StateDocument } from "./fleet-model.ts";

/** A name that a tenant had before, and goes on answering to. */
export interface FormerName {
  readonly former: string;
  /** What it is called now. */
  readonly tenant: string;
  readonly document: StateDocument<TenantState>;
  /** In the tenant's list `formerly`. */
  readonly index: number;
}

type Tenants = FleetModel["tenants"];

const ofState = new KeptByIdentity<Tenants, readonly FormerName[]>();
const ofChunk = new KeptByIdentity<Chunk<StateDocument<TenantState>>, readonly FormerName[]>();

/** Every former name that tenants list, in the order of the tenants; few tenants have any. */
export function formerNamesOf(tenants: Tenants): readonly FormerName[] {
  return ofState.of(tenants, () => chunksOf(tenants).flatMap((chunk) => ofChunk.of(chunk, collect)));
}

function collect(chunk: Chunk<StateDocument<TenantState>>): readonly FormerName[] {
  return [...chunk].flatMap(([tenant, document]) =>
    (document.value.formerly ?? []).map((former, index) => ({ former, tenant, document, index })),
  );
}
