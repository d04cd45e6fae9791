import type { LineOrigin } from "../source/line-origin.ts";
import type { ExplainedEntry, Explanation } from "./explain-device.ts";

/** The rules by which a person holds machines back. */
const HOLDS: readonly string[] = ["paused", "autoUpdate"];

/**
 * The same explanation, with the commit behind a pause or an `autoUpdate: false` that ended the decision.
 *
 * @param originOf asks git about a line of a file, relative to the state root
 */
export async function withOriginsOfHolds(
  explanation: Explanation,
  originOf: (file: string, line: number) => Promise<LineOrigin | undefined>,
): Promise<Explanation> {
  const locate = async (entry: ExplainedEntry): Promise<ExplainedEntry> => {
    const { rule, outcome, file, span } = entry;
    if (!HOLDS.includes(rule) || outcome !== "stop" || file === undefined || span === undefined) return entry;
    const origin = await originOf(file, span.line);
    return origin === undefined ? entry : { ...entry, origin };
  };
  return { ...explanation, trail: await Promise.all(explanation.trail.map(locate)) };
}
