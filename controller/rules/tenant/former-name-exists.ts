import { formerNamesOf } from "../../state/former-names.ts";
import type { Finding, StateRule } from "../rule.ts";

export const tenantFormerNameExists: StateRule = {
  id: "tenant/former-name-exists",
  severity: "error",
  summary: "a former name of a tenant is the name of a tenant that there is",
  explanation:
    "A tenant goes on answering to the names under `formerly`. Where there is a tenant of that name, too, the same machines would be told two things, and whoever has the key of the one could read the other. This also refuses a tenant that lists itself, and tenants that list each other in a circle.",
  failing: {
    files: { "tenants/acme.yaml": "formerly: [globex]\n", "tenants/globex.yaml": "formerly: [acme]\n" },
  },
  passing: {
    files: { "tenants/acme.yaml": "formerly: [globex]\n" },
  },
  *check({ state }) {
    for (const { former, tenant, document, index } of formerNamesOf(state.tenants)) {
      const at: Finding["at"] = { document, path: ["formerly", index] };
      if (former === tenant) {
        yield { message: `tenant \`${tenant}\` lists its own name`, at, help: "take it out" };
        continue;
      }
      if (!state.files.has(`tenants/${former}.yaml`)) continue;
      const other = state.tenants.get(former);
      const isCircle = other?.value.formerly?.includes(tenant) === true;
      yield {
        message: isCircle
          ? `tenants \`${tenant}\` and \`${former}\` each say that they were the other`
          : `tenant \`${tenant}\` was called \`${former}\`, and there is a tenant \`${former}\``,
        at,
        related:
          other === undefined
            ? []
            : [{ at: { document: other, path: isCircle ? ["formerly"] : [] }, label: "it is here" }],
        help: `take \`${former}\` out, or give the other tenant another name`,
      };
    }
  },
};
