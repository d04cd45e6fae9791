import { isMatchedByRange, matchedFact } from "../../../protocol/match-device.ts";
import { isRange } from "../../../protocol/version.ts";
import type { StateRule } from "../rule.ts";

export const tenantBadMatch: StateRule = {
  id: "tenant/bad-match",
  severity: "error",
  summary: "a group selects devices by a range that cannot be read",
  explanation:
    "Facts that are counted, such as `facts.glibc` or `facts.osVersion`, are compared by a range: numbers parted by dots with comparators. Anything else would match no device, and the group would be empty in silence.",
  failing: {
    files: { "tenants/acme.yaml": 'groups: {old: {match: {facts.glibc: "before 2.34"}, channel: stable}}\n' },
  },
  passing: {
    files: { "tenants/acme.yaml": 'groups: {old: {match: {facts.glibc: "<2.34"}, channel: stable}}\n' },
  },
  besideTenants: () => [],
  *check({ state }) {
    for (const document of state.tenants.values()) {
      for (const [group, { match = {} }] of Object.entries(document.value.groups ?? {})) {
        for (const [key, said] of Object.entries(match)) {
          const fact = matchedFact(key);
          if (fact === undefined || !isMatchedByRange(fact)) continue;
          for (const [index, range] of [said].flat().entries()) {
            if (isRange("dotted", range)) continue;
            const path = ["groups", group, "match", key];
            yield {
              message: `\`${range}\` is not a range`,
              at: { document, path: Array.isArray(said) ? [...path, index] : path },
              help: "write numbers parted by dots with comparators, such as `<2.34` or `>=22.04 <24.04`",
            };
          }
        }
      }
    }
  },
};
