import type { ChannelHistories } from "../../controller/source/promotion-record.ts";
import type { FleetModel, ProductModel, StateDocument } from "../../controller/state/fleet-model.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import type {
  ChannelState,
  FleetState,
  ProductState,
  TenantState,
  VersionState,
} from "../../schemas/state.generated.ts";

/** State as it would stand in files, for tests that need a model and no repository. */
export interface SampleState {
  fleet?: FleetState;
  products?: Record<
    string,
    {
      product?: Partial<ProductState>;
      channels?: Record<string, ChannelState>;
      versions?: readonly VersionState[];
    }
  >;
  tenants?: Record<string, TenantState>;
}

export const COMMIT = "1".repeat(40);
export const COMMITTED_AT = 1_790_000_000;

export function artifactBytes(product: string, version: string): Buffer {
  return Buffer.from(`${product} ${version}\n`);
}

/** A version with one hosted artifact whose bytes are `artifactBytes`. */
export function version(product: string, number: string, more: Partial<VersionState> = {}): VersionState {
  const bytes = artifactBytes(product, number);
  const artifact = {
    platform: "linux-x64",
    format: "binary" as const,
    url: `artifacts/${product}-${number}`,
    size: bytes.length,
    sha256: sha256Hex(bytes),
  };
  return { version: number, artifacts: [artifact], ...more };
}

/** One product `agent` with two versions on `stable`, and a tenant `acme`. */
export const SAMPLE: SampleState = {
  products: {
    agent: {
      channels: { stable: { version: "1.1.0" } },
      versions: [version("agent", "1.0.0"), version("agent", "1.1.0", { rollbackTo: ">=1.0.0" })],
    },
  },
  tenants: { acme: { channel: "stable", sites: { berlin: { paused: true } } } },
};

export function sampleModel(state: SampleState = SAMPLE, commit = COMMIT): FleetModel {
  const products = Object.entries(state.products ?? {}).map(([name, product]): [string, ProductModel] => {
    const directory = `products/${name}`;
    return [
      name,
      {
        name,
        product: document(`${directory}/product.yaml`, { description: "a sample", ...product.product }),
        channels: new Map(
          Object.entries(product.channels ?? {}).map(([channel, value]) => [
            channel,
            document(`${directory}/channels/${channel}.yaml`, value),
          ]),
        ),
        versions: new Map(
          (product.versions ?? []).map((value) => [
            value.version,
            document(`${directory}/versions/${value.version}.yaml`, value),
          ]),
        ),
      },
    ];
  });
  return {
    commit,
    committedAt: COMMITTED_AT,
    fleet: document("fleet.yaml", state.fleet ?? { schemaVersion: 1, defaultChannel: "stable" }),
    products: new Map(products),
    tenants: new Map(
      Object.entries(state.tenants ?? {}).map(([name, value]) => [
        name,
        document(`tenants/${name}.yaml`, value),
      ]),
    ),
    expectations: new Map(),
    trust: undefined,
  };
}

export const NO_HISTORY: ChannelHistories = new Map();

function document<T>(file: string, value: T): StateDocument<T> {
  return { file, blob: "", value, spanOf: () => ({ line: 1, column: 1, endLine: 1, endColumn: 1 }) };
}
