import { MAX_STANDING_HOLDS, type StandingHold } from "../../desired/standing-hold.ts";
import type { GitRepository } from "../../source/git-repository.ts";
import { type LineOrigin, lineOrigin } from "../../source/line-origin.ts";
import type { FleetModel, StateDocument } from "../../state/fleet-model.ts";
import { holdsOfState } from "../../state/holds-of-state.ts";

export interface HoldReportsParts {
  readonly repository: GitRepository;
  /** State root inside the repository, with `/`; empty for its top. */
  readonly path: string;
  readonly report: (standing: readonly StandingHold[]) => void;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/**
 * Says what git holds back, and which commits say so. Git is asked beside reconciles, one line after the other, and once
 * for each text of a file: neither a reconcile nor an answer waits for it.
 */
export class HoldReports {
  private readonly parts: HoldReportsParts;
  /** By file as it is, and line in it. */
  private readonly origins = new WeakMap<StateDocument<unknown>, Map<number, LineOrigin>>();
  private newest: FleetModel | undefined;
  private running: Promise<void> | undefined;

  constructor(parts: HoldReportsParts) {
    this.parts = parts;
  }

  takeModel(model: FleetModel): void {
    this.newest = model;
    this.running ??= this.drain().finally(() => {
      this.running = undefined;
    });
  }

  /** Resolves once git is not asked any more. */
  async stop(): Promise<void> {
    this.newest = undefined;
    await this.running;
  }

  private async drain(): Promise<void> {
    // Not in the turn of the reconcile that has just ended.
    await new Promise((resolve) => setImmediate(resolve));
    for (let model = this.newest; model !== undefined; model = this.newest) {
      const told = await this.standing(model);
      if (this.newest !== model) continue;
      this.newest = undefined;
      this.parts.report(told);
    }
  }

  private async standing(model: FleetModel): Promise<StandingHold[]> {
    const told: StandingHold[] = [];
    for (const { kind, label, document, path, ...rest } of holdsOfState(model, this.parts.now())) {
      if (told.length >= MAX_STANDING_HOLDS || this.newest !== model) break;
      const { line } = document.spanOf(path, "key");
      const origin = await this.originOf(model.commit, document, line);
      const { file } = document;
      told.push({
        kind,
        scope: label,
        ...rest,
        ...{ file, line },
        ...(origin === undefined ? {} : { origin }),
      });
    }
    return told;
  }

  private async originOf(
    commit: string,
    document: StateDocument<unknown>,
    line: number,
  ): Promise<LineOrigin | undefined> {
    const { repository, path } = this.parts;
    const known = this.origins.get(document) ?? new Map<number, LineOrigin>();
    this.origins.set(document, known);
    const kept = known.get(line);
    if (kept !== undefined) return kept;
    const file = path === "" ? document.file : `${path}/${document.file}`;
    // What it does not say now is asked again with the next commit.
    const found = await lineOrigin(repository, commit, file, line).catch(() => undefined);
    if (found !== undefined) known.set(line, found);
    return found;
  }
}
