import { formerNamesOf } from "../../state/former-names.ts";
import type { SoundState } from "../../state/sound-state.ts";
import type { StateRule } from "../rule.ts";

export const fleetRemovedExists: StateRule = {
  id: "fleet/removed-exists",
  severity: "error",
  summary: "what `removed` names is there",
  explanation:
    "An entry of `removed` says that a tenant, a product or a channel is gone. Machines of a tenant that is gone still have its key, which is made from the name alone: under the same name a new tenant's settings would be theirs to read, and their versions would be the new tenant's. Take another name; or remove the entry once no such machine is left, or when the tenant itself came back.",
  failing: {
    files: {
      "fleet.yaml":
        "schemaVersion: 1\ndefaultChannel: stable\nremoved: {tenants: {acme: {reason: the contract ended}}}\n",
    },
  },
  passing: {
    files: {
      "fleet.yaml":
        "schemaVersion: 1\ndefaultChannel: stable\nremoved: {tenants: {globex: {reason: the contract ended}}}\n",
    },
  },
  *check({ state }) {
    const { fleet } = state;
    if (fleet?.value.removed === undefined) return;
    for (const part of ["tenants", "products", "channels"] as const) {
      for (const name of Object.keys(fleet.value.removed[part] ?? {})) {
        const there = whatIs(state, part, name);
        if (there === undefined) continue;
        yield {
          message: `\`${name}\` is said to be removed, and ${there}`,
          at: { document: fleet, path: ["removed", part, name], part: "key" },
          help: "remove the entry if it came back, or take another name for the new one",
        };
      }
    }
  },
};

function whatIs(
  state: SoundState,
  part: "tenants" | "products" | "channels",
  name: string,
): string | undefined {
  switch (part) {
    case "tenants": {
      if (state.files.has(`tenants/${name}.yaml`)) return "there is a tenant of that name";
      const user = formerNamesOf(state.tenants).find(({ former }) => former === name);
      return user === undefined ? undefined : `tenant \`${user.tenant}\` answers to that name`;
    }
    case "products":
      return state.productNames.has(name) ? "there is a product of that name" : undefined;
    case "channels": {
      const [product, channel] = name.split("/");
      return state.files.has(`products/${product}/channels/${channel}.yaml`)
        ? "there is a channel of that name"
        : undefined;
    }
  }
}
