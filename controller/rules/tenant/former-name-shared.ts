import { type FormerName, formerNamesOf } from "../../state/former-names.ts";
import type { StateRule } from "../rule.ts";

export const tenantFormerNameShared: StateRule = {
  id: "tenant/former-name-shared",
  severity: "error",
  summary: "two tenants list the same former name",
  explanation:
    "Machines that ask by a former name are told what its tenant says. With two tenants of the same former name nobody could tell which.",
  failing: {
    files: { "tenants/acme.yaml": "formerly: [initech]\n", "tenants/globex.yaml": "formerly: [initech]\n" },
  },
  passing: {
    files: { "tenants/acme.yaml": "formerly: [initech]\n", "tenants/globex.yaml": "formerly: [hooli]\n" },
  },
  *check({ state }) {
    const first = new Map<string, FormerName>();
    for (const name of formerNamesOf(state.tenants)) {
      const { former, tenant, document, index } = name;
      const other = first.get(former);
      if (other === undefined) {
        first.set(former, name);
        continue;
      }
      yield {
        message: `tenants \`${other.tenant}\` and \`${tenant}\` both say that they were \`${former}\``,
        at: { document, path: ["formerly", index] },
        related: [
          {
            at: { document: other.document, path: ["formerly", other.index] },
            label: `\`${other.tenant}\` says so here`,
          },
        ],
        help: "keep it with the tenant that has the machines of that name",
      };
    }
  },
};
