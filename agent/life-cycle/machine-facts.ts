import type { Format } from "../formats/format.ts";
import { fateOf, secondsSince } from "../process/process-identity.ts";
import type { InstallPlan, Journal } from "./journal.ts";
import type { MachineFacts } from "./next-step.ts";

/**
 * Looks at the machine for what `nextStep` and `mustResume` ask of it.
 *
 * @throws InstallError where only what is installed tells whether a swap was done, and it cannot be read
 */
export async function machineFacts(format: Format, journal: Journal): Promise<MachineFacts> {
  switch (journal.state) {
    case "self-tested":
      return { installed: await installedFact(format, journal.plan) };
    case "confirming": {
      const told = {
        program: journal.program === undefined ? undefined : fateOf(journal.program),
        elapsed: journal.since === undefined ? undefined : secondsSince(journal.since),
      };
      try {
        return { installed: await installedFact(format, journal.plan), ...told };
      } catch {
        // The confirmation fails as well, or its deadline passes: that decides, and is not kept from it.
        return { installed: "unknown", ...told };
      }
    }
    default:
      return { installed: "unknown" };
  }
}

async function installedFact(format: Format, plan: InstallPlan): Promise<MachineFacts["installed"]> {
  const found = await format.installed();
  if (found?.unfinished === true) return "unfinished";
  return found?.id === plan.to.id ? "planned" : "other";
}
