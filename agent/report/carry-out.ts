import type { DeviceRequest, RequestOutcome } from "../../protocol/check-in/device-request.ts";
import type { Evaluation } from "../decision/evaluate.ts";
import { InstallError, type InstallErrorCode } from "../installation/install-error.ts";
import type { InstallOutcome } from "../life-cycle/installation.ts";
import { describeDecision } from "../output/describe-decision.ts";
import { refusalOf } from "../output/refusal.ts";

/** What an operator can make an agent do. */
export interface Obedient {
  readonly product: string;
  /** Asks for the manifest, and decides. */
  look(): Promise<Evaluation>;
  /** As when a person asks at the machine. */
  update(request: string): Promise<{
    readonly evaluation: Evaluation;
    readonly outcomes: readonly InstallOutcome[];
  }>;
  /** Within what the signed manifest allows. */
  rollBack(request: string): Promise<InstallOutcome>;
}

type Outcome = Omit<RequestOutcome, "id">;

/** Does what an operator asked for, and says what became of it. Never throws. */
export async function carryOut(request: DeviceRequest, agent: Obedient): Promise<RequestOutcome> {
  try {
    return { id: request.id, ...(await obey(request, agent)) };
  } catch (error) {
    return { id: request.id, ...failure(error) };
  }
}

async function obey({ id, kind, product }: DeviceRequest, agent: Obedient): Promise<Outcome> {
  if (product !== undefined && product !== agent.product) {
    return { result: "refused", text: `this agent looks after ${agent.product}, not ${product}` };
  }
  switch (kind) {
    case "look":
      return { result: "done", text: describe(agent, await agent.look()) };
    case "update": {
      const { evaluation, outcomes } = await agent.update(id);
      const last = outcomes.at(-1);
      return last === undefined ? undone(agent, evaluation) : ended(last);
    }
    case "rollback":
      return ended(await agent.rollBack(id));
  }
}

function undone(agent: Obedient, evaluation: Evaluation): Outcome {
  const text = describe(agent, evaluation);
  switch (evaluation.decision.action) {
    case "stay":
    case "none":
      return { result: "nothing-to-do", text };
    case "paused":
    case "refuse":
    case "wait":
      return { result: "refused", text };
    case "update":
    case "rollback":
      return { result: "failed", text };
  }
}

function ended(outcome: InstallOutcome): Outcome {
  const { version } = outcome.plan.to;
  switch (outcome.outcome) {
    case "confirmed":
      return { result: "done", text: `${version} is installed and confirmed` };
    case "rolled-back":
      return { result: "failed", text: `${version} was rolled back: ${outcome.reason}` };
    case "not-restored":
      return { result: "failed", text: `${version} failed and nothing could be put back: ${outcome.reason}` };
  }
}

/** With these nothing was tried. */
const REFUSALS: ReadonlySet<InstallErrorCode> = new Set<InstallErrorCode>([
  "install/no-previous",
  "install/rollback-refused",
]);

function failure(error: unknown): Outcome {
  const { id, message } = refusalOf(error);
  const isRefusal = error instanceof InstallError && REFUSALS.has(error.code);
  return { result: isRefusal ? "refused" : "failed", text: `${id}: ${message}` };
}

function describe({ product }: Obedient, { decision, installed }: Evaluation): string {
  return describeDecision(product, installed?.version, decision);
}
