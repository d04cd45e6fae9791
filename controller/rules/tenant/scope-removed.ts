import type { TenantState } from "../../../schemas/state.generated.ts";
import { changedEntries } from "../../state/chunked-map.ts";
import type { FleetModel, StateDocument } from "../../state/fleet-model.ts";
import type { StateRule } from "../rule.ts";

export const tenantScopeRemoved: StateRule = {
  id: "tenant/scope-removed",
  severity: "warning",
  summary: "a site or a group of a tenant is gone",
  needs: "before",
  explanation:
    "Machines name their site by themselves, from their enrolment on, and a group selects them. When it is gone, what it said of them (a channel, a pin, a pause, a window) holds no more, and what the tenant says takes its place at once. `fairlead plan` shows who moves by that, and with an inventory how many machines name a site that is gone. A renamed site is both: gone, and a new one that no machine names. Needs the state before the change (`--base`).",
  failing: {
    before: { "tenants/acme.yaml": "sites: {berlin: {paused: true}}\n" },
    files: { "tenants/acme.yaml": "channel: stable\n" },
  },
  passing: {
    before: { "tenants/acme.yaml": "sites: {berlin: {paused: true}}\n" },
    files: { "tenants/acme.yaml": "sites: {berlin: {}}\n" },
  },
  *check({ state, before }) {
    if (before === undefined) return;
    for (const [tenant, earlier, document] of changedEntries(before.tenants, state.tenants)) {
      const was = document === undefined ? undefined : (earlier ?? underFormerName(document, before));
      if (document === undefined || was === undefined) continue;
      for (const part of ["sites", "groups"] as const) {
        const [said, says] = [was.value[part] ?? {}, document.value[part] ?? {}];
        for (const [name, settings] of Object.entries(said)) {
          if (Object.hasOwn(says, name)) continue;
          const lost = Object.keys(settings).filter((key) => key !== "devices" && key !== "match");
          const what = part === "sites" ? "site" : "group";
          yield {
            message: `${what} \`${tenant}/${name}\` is gone${lost.length === 0 ? "" : `, and with it what it said: ${lost.join(", ")}`}`,
            at: { document, path: [part] },
            help: `keep it as \`${name}: {}\`, or \`acknowledge\` this with a reason`,
          };
        }
      }
    }
  },
};

function underFormerName(
  { value }: StateDocument<TenantState>,
  { tenants }: FleetModel,
): StateDocument<TenantState> | undefined {
  return value.formerly?.map((former) => tenants.get(former)).find((document) => document !== undefined);
}
