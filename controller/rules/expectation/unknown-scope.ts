import type { ExpectationState } from "../../../schemas/state.generated.ts";
import { nearestMatch } from "../../diagnostics/nearest-match.ts";
import { listNames } from "../../state/product-versions.ts";
import type { SoundState } from "../../state/sound-state.ts";
import type { StateRule } from "../rule.ts";

/** A name that an expectation uses, and those that there are. */
interface Use {
  readonly what: string;
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly known: ReadonlySet<string>;
  readonly isKnown: boolean;
}

export const expectationUnknownScope: StateRule = {
  id: "expectation/unknown-scope",
  severity: "error",
  summary: "an expectation is about something that the state does not have",
  explanation:
    "A product, channel, tenant, site or group in an expectation is one of this state, and a device without a tenant is one that a tenant names. A misspelt one would look at nobody, or at somebody else.",
  failing: {
    files: {
      "expectations/berlin.yaml":
        "expect:\n  - that: acme runs what it should\n    for: {tenant: amce}\n    decides: {action: stay}\n",
    },
  },
  passing: {
    files: {
      "expectations/berlin.yaml":
        "expect:\n  - that: acme runs what it should\n    for: {tenant: acme}\n    decides: {action: stay}\n",
    },
  },
  *check({ state }) {
    // Most states expect nothing, and there may be many tenants.
    if (state.expectations.size === 0) return;
    const tenants = new Set(state.tenants.keys());
    for (const document of state.expectations.values()) {
      for (const [index, said] of document.value.expect.entries()) {
        for (const { what, name, path, known, isKnown } of usesOf(said, state, tenants)) {
          if (isKnown) continue;
          const near = nearestMatch(name, known);
          yield {
            message: `the state has no ${what} \`${name}\``,
            at: { document, path: ["expect", index, ...path] },
            notes: known.size === 0 ? [] : [`it has ${listNames(known)}`],
            help: near === undefined ? "name one that there is, or add it" : `did you mean \`${near}\`?`,
          };
        }
      }
    }
  },
};

function* usesOf(said: ExpectationState, state: SoundState, tenants: ReadonlySet<string>): Generator<Use> {
  const { product, channel, tenant, site, group, device, except = {} } = said.for ?? {};
  const use = (
    what: string,
    name: string,
    path: readonly (string | number)[],
    known: ReadonlySet<string>,
    isKnown = known.has(name),
  ): Use => ({ what, name, path, known, isKnown });
  if (product !== undefined) yield use("product", product, ["for", "product"], state.productNames);
  for (const [name, path] of [
    [channel, ["for", "channel"]],
    [said.decides?.channel, ["decides", "channel"]],
  ] as const) {
    if (name !== undefined) yield use("channel", name, path, state.channelNames);
  }
  const isTenant = (name: string): boolean => tenants.has(name) || isBroken(state, name);
  if (tenant !== undefined) yield use("tenant", tenant, ["for", "tenant"], tenants, isTenant(tenant));
  for (const [index, name] of (except.tenants ?? []).entries()) {
    yield use("tenant", name, ["for", "except", "tenants", index], tenants, isTenant(name));
  }
  const { sites = {}, groups = {} } = state.tenants.get(tenant ?? "")?.value ?? {};
  if (tenant !== undefined && tenants.has(tenant)) {
    for (const [what, key, names, known] of [
      ["site", "sites", except.sites, new Set(Object.keys(sites))],
      ["group", "groups", except.groups, new Set(Object.keys(groups))],
    ] as const) {
      const named = what === "site" ? site : group;
      if (named !== undefined) yield use(what, named, ["for", what], known);
      for (const [index, name] of (names ?? []).entries()) {
        yield use(what, name, ["for", "except", key, index], known);
      }
    }
  }
  if (device !== undefined && tenant === undefined) {
    const known = namedDevices(state);
    yield use("device", device, ["for", "device"], known);
  }
}

/** Whether there is a file of the tenant that could not be read: its own mistake is told by itself. */
function isBroken({ files }: SoundState, tenant: string): boolean {
  return files.has(`tenants/${tenant}.yaml`);
}

/** Every device that a tenant names, by itself or in a group. */
function namedDevices({ tenants }: SoundState): ReadonlySet<string> {
  const named = new Set<string>();
  for (const { value } of tenants.values()) {
    for (const id of Object.keys(value.devices ?? {})) named.add(id);
    for (const { devices = [] } of Object.values(value.groups ?? {})) for (const id of devices) named.add(id);
  }
  return named;
}
