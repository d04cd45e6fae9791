import type { ReadingRule } from "../rule.ts";

export const valueBadTimeZone: ReadingRule = {
  id: "value/bad-time-zone",
  severity: "error",
  summary: "a time zone is not in the IANA database",
  explanation:
    "A window is wall-clock time of a place, so that it stays at night when clocks change. Abbreviations and offsets do not know when that is.",
  failing: {
    files: {
      "tenants/acme.yaml": 'window: {days: [sat], start: "02:00", duration: 4h, timeZone: Europe/Berlinn}\n',
    },
  },
  passing: {
    files: {
      "tenants/acme.yaml": 'window: {days: [sat], start: "02:00", duration: 4h, timeZone: Europe/Berlin}\n',
    },
  },
  foundBy: "reading",
};
