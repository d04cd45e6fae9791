import { parseDate } from "../../../protocol/date.ts";
import type { StateRule } from "../rule.ts";

export const expectationOver: StateRule = {
  id: "expectation/over",
  severity: "warning",
  summary: "the time of an expectation has passed",
  explanation:
    "An expectation whose `at` or `until` has passed is looked at no more. Left in place, it reads as if it still held something.",
  failing: {
    files: {
      "expectations/press-line.yaml":
        "expect:\n  - that: the press line stays\n    for: {tenant: acme}\n    until: 2026-10-01\n    decides: {version: 1.1.0}\n",
    },
  },
  passing: {
    files: {
      "expectations/press-line.yaml":
        "expect:\n  - that: the press line stays\n    for: {tenant: acme}\n    until: 2027-10-01\n    decides: {version: 1.1.0}\n",
    },
  },
  *check({ state, now }) {
    for (const document of state.expectations.values()) {
      for (const [index, { at, until }] of document.value.expect.entries()) {
        const [key, end] = at === undefined ? (["until", until] as const) : (["at", at] as const);
        if (end === undefined || parseDate(end) > now) continue;
        yield {
          message: `nothing looks at this expectation any more: \`${key}\` was ${end}`,
          at: { document, path: ["expect", index, key] },
          help: "take the expectation out, or give it a later time",
        };
      }
    }
  },
};
