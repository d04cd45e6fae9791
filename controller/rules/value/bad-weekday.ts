import type { ReadingRule } from "../rule.ts";

export const valueBadWeekday: ReadingRule = {
  id: "value/bad-weekday",
  severity: "error",
  summary: "a value is not a day of the week",
  explanation: "Days are `mon`, `tue`, `wed`, `thu`, `fri`, `sat` and `sun`.",
  failing: {
    files: {
      "tenants/acme.yaml": 'window: {days: [saturday], start: "02:00", duration: 4h, timeZone: UTC}\n',
    },
  },
  passing: {
    files: { "tenants/acme.yaml": 'window: {days: [sat], start: "02:00", duration: 4h, timeZone: UTC}\n' },
  },
  foundBy: "reading",
};
