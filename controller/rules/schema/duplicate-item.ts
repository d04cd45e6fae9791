import type { ReadingRule } from "../rule.ts";

export const schemaDuplicateItem: ReadingRule = {
  id: "schema/duplicate-item",
  severity: "error",
  summary: "a list says the same twice",
  explanation: "A list whose items are names or days holds each at most once; the second has no effect.",
  failing: {
    files: {
      "tenants/acme.yaml": 'window: {days: [sat, sat], start: "02:00", duration: 4h, timeZone: UTC}\n',
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml": 'window: {days: [sat, sun], start: "02:00", duration: 4h, timeZone: UTC}\n',
    },
  },
  foundBy: "reading",
};
