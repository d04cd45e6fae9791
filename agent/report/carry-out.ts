import type { DeviceRequest, RequestOutcome } from "../../protocol/check-in/device-request.ts";
import type { Evaluation } from "../decision/evaluate.ts";
import { InstallError, type InstallErrorCode } from "../installation/install-error.ts";
import type { InstallOutcome } from "../life-cycle/installation.ts";
import { describeDecision } from "../output/describe-decision.ts";
import { refusalOf } from "../output/refusal.ts";

/** A product with which an operator can make an agent do something. */
export interface Obedient {
  readonly name: string;
  /** Asks for the manifest, and decides. */
  look(): Promise<Evaluation>;
  /** As when a person asks at the machine. */
  update(
    updateNow: boolean,
    request: string,
  ): Promise<{
    readonly evaluation: Evaluation;
    readonly outcomes: readonly InstallOutcome[];
  }>;
  /** Within what the signed manifest allows. */
  rollBackWithinRange(request: string): Promise<InstallOutcome>;
}

type Outcome = Omit<RequestOutcome, "id">;

/** Does what an operator asked for, and says what became of it. Never throws. */
export async function carryOut(
  request: DeviceRequest,
  products: readonly Obedient[],
): Promise<RequestOutcome> {
  try {
    return { id: request.id, ...(await obey(request, products)) };
  } catch (error) {
    return { id: request.id, ...failure(error) };
  }
}

async function obey({ id, kind, product }: DeviceRequest, products: readonly Obedient[]): Promise<Outcome> {
  const named = product === undefined ? products : products.filter(({ name }) => name === product);
  const [first, ...others] = named;
  if (first === undefined) {
    const known = products.map(({ name }) => name).join(", ");
    return { result: "refused", text: `this agent looks after ${known}, not ${product}` };
  }
  switch (kind) {
    case "look":
      return lookAtAll(named);
    case "update":
    case "rollback":
      if (others.length > 0)
        return { result: "refused", text: "the request names none of the several products" };
      return kind === "rollback" ? ended(await first.rollBackWithinRange(id)) : update(first, id);
  }
}

/** One product that cannot be looked at keeps nobody from the others. */
async function lookAtAll(products: readonly Obedient[]): Promise<Outcome> {
  const texts: string[] = [];
  let failed = false;
  for (const product of products) {
    try {
      texts.push(describe(product, await product.look()));
    } catch (error) {
      failed = true;
      texts.push(products.length === 1 ? failure(error).text : `${product.name}: ${failure(error).text}`);
    }
  }
  return { result: failed ? "failed" : "done", text: texts.join("; ") };
}

async function update(product: Obedient, id: string): Promise<Outcome> {
  const { evaluation, outcomes } = await product.update(true, id);
  const last = outcomes.at(-1);
  return last === undefined ? undone(product, evaluation) : ended(last);
}

function undone(product: Obedient, evaluation: Evaluation): Outcome {
  const text = describe(product, evaluation);
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

function describe({ name }: Obedient, { decision, installed }: Evaluation): string {
  return describeDecision(name, installed?.version, decision);
}
