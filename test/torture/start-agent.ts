import { Agent } from "../../agent/agent.ts";
import { type AgentHome, agentHome } from "../../agent/home/agent-home.ts";
import { InstallError } from "../../agent/installation/install-error.ts";

/** What a start of the agent came to. */
export type Started =
  | { readonly ended: "well" }
  | { readonly ended: "refused"; readonly code: string; readonly message: string };

/** How the agent goes on. `resume`: nothing new is asked for. */
const NEXT_STARTS = ["update", "resume", "rollback"] as const;
export type NextStart = (typeof NEXT_STARTS)[number];

/** A start of the agent as any other, without its command line: it may be told what time it is. */
export async function startAgent(home: AgentHome, next: NextStart, now?: number): Promise<Started> {
  try {
    const agent = await Agent.open(home, now === undefined ? {} : { now: () => now });
    try {
      await goOn(agent.product(), next);
    } finally {
      // No controller takes it; what is to be told stays on disk.
      await agent.checkIn(0).catch(() => undefined);
    }
    return { ended: "well" };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "no code";
    return { ended: "refused", code, message: wordsOf(error) };
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof InstallError)) return String(error);
  return [error.message, error.got, error.log].filter((text) => text !== undefined).join("; ");
}

async function goOn(product: ReturnType<Agent["product"]>, next: NextStart): Promise<void> {
  switch (next) {
    case "update":
      await product.update(true);
      break;
    case "resume":
      await product.resume();
      break;
    case "rollback":
      await product.rollback();
      break;
  }
}

/** Arguments of a process that does so: on a machine that only processes of its own can see. */
export function startArguments(home: AgentHome, next: NextStart, now?: number): readonly string[] {
  return [import.meta.filename, home.directory, next, ...(now === undefined ? [] : [String(now)])];
}

if (import.meta.main) {
  const [, , directory = "", wanted, now] = process.argv;
  const next = NEXT_STARTS.find((one) => one === wanted);
  if (next === undefined) throw new TypeError(`no start is called ${wanted}`);
  const time = now === undefined ? undefined : Number(now);
  const started = await startAgent(agentHome(directory, {}), next, time);
  process.stdout.write(JSON.stringify(started));
}
