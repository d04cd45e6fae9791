import type { ReadingRule } from "../rule.ts";

export const valueBadClockTime: ReadingRule = {
  id: "value/bad-clock-time",
  severity: "error",
  summary: "a value is not a time of day",
  explanation: "Times of day are hours and minutes with two digits each, from `00:00` to `23:59`.",
  failing: {
    files: { "tenants/acme.yaml": 'window: {days: [sat], start: "24:00", duration: 4h, timeZone: UTC}\n' },
  },
  passing: {
    files: { "tenants/acme.yaml": 'window: {days: [sat], start: "00:00", duration: 4h, timeZone: UTC}\n' },
  },
  foundBy: "reading",
};
