import type { Evaluation } from "../decision/evaluate.ts";
import { describeDecision } from "../output/describe-decision.ts";
import type { Log } from "../output/log.ts";
import { refusalOf } from "../output/refusal.ts";
import { isActionable, type LocalProduct } from "../product/local-product.ts";
import { retryAfterOf } from "./poll-delay.ts";

/** What one product's turn came to. */
export type Turn =
  | { readonly kind: "fine"; readonly evaluation: Evaluation }
  | { readonly kind: "failed"; readonly failures: number; readonly retryAfter: number | undefined };

/** The turns of one product in the daemon's looks. Never throws for what one came to: others have theirs. */
export class ProductTurns {
  readonly product: LocalProduct;
  private readonly log: Log;
  private readonly signal: AbortSignal;
  /** Where there is one product only, nobody asks which. */
  private readonly isNamed: boolean;
  private failures = 0;
  private lastSaid = "";
  /** By `performance.now()`; not before, unless the manifest is another one than that which failed. */
  private notBefore = 0;
  private failedWith: number | undefined;

  constructor(product: LocalProduct, isNamed: boolean, log: Log, signal: AbortSignal) {
    this.product = product;
    this.isNamed = isNamed;
    this.log = log;
    this.signal = signal;
  }

  /** Whether it may be tried now, with this version of the manifest. */
  isDue(manifest: number | undefined): boolean {
    return performance.now() >= this.notBefore || manifest !== this.failedWith;
  }

  /** Seconds until it may be tried again. */
  get wait(): number {
    return Math.max(0, this.notBefore - performance.now()) / 1000;
  }

  /** Ends what an earlier run left half-done. */
  async resume(): Promise<Turn | undefined> {
    try {
      const resumed = await this.product.resume();
      if (resumed !== undefined) {
        const text = `the interrupted update of ${this.product.name} is ${resumed.outcome}`;
        this.log.event("info", "resumed", text, { product: this.product.name });
      }
      return undefined;
    } catch (error) {
      return this.failed(error);
    }
  }

  /** Decides from the manifest that was just brought up to date. */
  async decide(): Promise<Turn> {
    return this.taken(async () => {
      const evaluation = await this.product.decide(false);
      if (!isActionable(evaluation.decision)) this.product.recordCheck(evaluation);
      return evaluation;
    });
  }

  async update(): Promise<Turn> {
    return this.taken(async () => (await this.product.update(false)).evaluation);
  }

  private async taken(work: () => Promise<Evaluation>): Promise<Turn> {
    try {
      const evaluation = await work();
      this.failures = 0;
      this.notBefore = 0;
      this.say(evaluation);
      return { kind: "fine", evaluation };
    } catch (error) {
      return this.failed(error);
    }
  }

  private failed(error: unknown): Turn {
    this.failures++;
    if (!this.signal.aborted) {
      this.product.recordFailedCheck(error);
      this.log.refusal({ ...refusalOf(error), ...(this.isNamed ? { product: this.product.name } : {}) });
    }
    return { kind: "failed", failures: this.failures, retryAfter: retryAfterOf(error) };
  }

  /** It is not tried again for so many seconds, unless there is another manifest than this one. */
  rest(seconds: number, manifest: number | undefined): void {
    this.notBefore = performance.now() + seconds * 1000;
    this.failedWith = manifest;
  }

  /** A quiet fleet writes no log: only what differs from the last time. */
  private say({ decision, installed }: Evaluation): void {
    const { name } = this.product;
    const text = describeDecision(name, installed?.version, decision);
    if (text === this.lastSaid) return;
    this.lastSaid = text;
    this.log.event("info", "decided", text, { product: name, action: decision.action });
  }
}
