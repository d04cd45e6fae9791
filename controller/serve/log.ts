import { type DestinationStream, type Logger, pino } from "pino";

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * One JSON line for each event that a person cares about: `{"level":"info","time":"...","event":"manifest.published",
 * ...}`. Secrets never get into a log object in the first place; the redaction is for what slips through.
 *
 * @param destination standard output when absent
 */
export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: ["secret", "token", "*.secret", "*.token"],
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}
