import { KeptByIdentity } from "../../../protocol/kept-by-identity.ts";
import type { TenantState } from "../../../schemas/state.generated.ts";
import { type Chunk, chunksOf } from "../../state/chunked-map.ts";
import type { StateDocument } from "../../state/fleet-model.ts";
import type { StateRule } from "../rule.ts";

export const tenantDuplicateDevice: StateRule = {
  id: "tenant/duplicate-device",
  severity: "error",
  summary: "a device is listed by two tenants",
  explanation:
    "A device belongs to one tenant, and sees the policy of that one only. What the other tenant says of it has no effect.",
  failing: {
    files: {
      "tenants/acme.yaml": "groups: {canaries: {devices: [d-1]}}\n",
      "tenants/globex.yaml": "devices:\n  d-1: {channel: stable}\n",
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml": "groups: {canaries: {devices: [d-1]}}\n",
      "tenants/globex.yaml": "devices:\n  d-2: {channel: stable}\n",
    },
  },
  *check({ state }) {
    const first = new Map<string, DevicePlace>();
    for (const chunk of chunksOf(state.tenants)) {
      for (const place of known.of(chunk, placesOf)) {
        const { tenant, document } = place;
        const earlier = first.get(place.device);
        if (earlier === undefined) {
          first.set(place.device, place);
        } else if (earlier.tenant !== tenant) {
          yield {
            message: `device \`${place.device}\` is listed by tenant \`${tenant}\` and by tenant \`${earlier.tenant}\``,
            at: { document, path: place.path, part: "key" },
            related: [
              {
                at: { document: earlier.document, path: earlier.path, part: "key" },
                label: `listed by \`${earlier.tenant}\``,
              },
            ],
            help: "list the device where it belongs",
          };
        }
      }
    }
  },
};

interface DevicePlace {
  readonly device: string;
  readonly tenant: string;
  readonly document: StateDocument<TenantState>;
  readonly path: readonly (string | number)[];
}

const known = new KeptByIdentity<Chunk<StateDocument<TenantState>>, readonly DevicePlace[]>();

function placesOf(tenants: Chunk<StateDocument<TenantState>>): readonly DevicePlace[] {
  return [...tenants].flatMap(([tenant, document]) => [...devicesOf(tenant, document)]);
}

function* devicesOf(tenant: string, document: StateDocument<TenantState>): Generator<DevicePlace> {
  const { groups = {}, devices = {} } = document.value;
  for (const device of Object.keys(devices)) yield { device, tenant, document, path: ["devices", device] };
  for (const [group, { devices: members = [] }] of Object.entries(groups)) {
    for (const [index, device] of members.entries()) {
      yield { device, tenant, document, path: ["groups", group, "devices", index] };
    }
  }
}
