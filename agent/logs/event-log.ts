import { printable } from "../../protocol/printable.ts";
import type { Log } from "../output/log.ts";
import { formatRefusal } from "../output/refusal.ts";

/** What the event log of Windows calls this agent: its entries there have a source of their own. */
const EVENT_SOURCE = "fairlead-agent";
/** eventcreate.exe takes less than 32 KiB. */
const MOST_CHARACTERS = 8000;
const SECONDS = 30;

/**
 * The event log of Windows, where administrators look first: it is told what went wrong, and nothing else. An entry that
 * cannot be made is lost.
 */
export function eventLog(run: (argv: readonly string[]) => Promise<unknown> = runHere): Log {
  const tell = (level: "WARNING" | "ERROR", text: string): void => {
    // eventcreate takes numbers up to 1000, and makes the source where there is none.
    const entry = ["/T", level, "/ID", "1", "/D", text.slice(0, MOST_CHARACTERS)];
    run(["eventcreate.exe", "/L", "APPLICATION", "/SO", EVENT_SOURCE, ...entry]).catch(() => undefined);
  };
  return {
    event: (level, _event, text) => {
      if (level !== "info") tell(level === "warn" ? "WARNING" : "ERROR", printable(text));
    },
    refusal: (refusal) => tell("ERROR", formatRefusal(refusal)),
  };
}

async function runHere(argv: readonly string[]): Promise<unknown> {
  const { runBounded } = await import("../process/run-bounded.ts");
  return runBounded({ argv, seconds: SECONDS, maxOutputBytes: 4096, leftovers: "kill" });
}
