import { parseDate } from "../../../protocol/date.ts";
import { MAX_STANDING_HOLDS, type StandingHold } from "../../desired/standing-hold.ts";
import {
  MAX_STANDING_MINIMUMS,
  MAX_STANDING_PINS,
  MAX_STANDING_STOPS,
  type OfferedSecurity,
  type StandingLines,
  type StandingMinimum,
  type StandingPin,
  type StandingStop,
} from "../../desired/standing-lines.ts";
import type { GitRepository } from "../../source/git-repository.ts";
import { type LineOrigin, lineOrigin } from "../../source/line-origin.ts";
import type { FleetModel, StateDocument } from "../../state/fleet-model.ts";
import { holdsOfState } from "../../state/holds-of-state.ts";
import { newestSecurity } from "../../state/product-versions.ts";
import { pinsOfState } from "../../state/state-scopes.ts";
import { stopsOfState } from "../../state/stops-of-state.ts";

export interface HoldReportsParts {
  readonly repository: GitRepository;
  /** State root inside the repository, with `/`; empty for its top. */
  readonly path: string;
  readonly report: (standing: StandingLines) => void;
  /** Seconds since 1970. */
  readonly now: () => number;
}

/**
 * Says what git holds back, by pauses and pins, and what it demands, and which commits say so. Git is asked beside reconciles, one line after the other, and once
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

  private async standing(model: FleetModel): Promise<StandingLines> {
    const security = offeredSecurity(model);
    return {
      holds: await this.holds(model),
      minimums: await this.minimums(model),
      pins: await this.pins(model),
      security,
      stops: security.length > 0 ? await this.stops(model) : [],
    };
  }

  private async holds(model: FleetModel): Promise<StandingHold[]> {
    const told: StandingHold[] = [];
    for (const { kind, label, document, path, ...rest } of holdsOfState(model, this.parts.now())) {
      if (told.length >= MAX_STANDING_HOLDS || this.newest !== model) break;
      told.push({ kind, scope: label, ...rest, ...(await this.located(model, document, path)) });
    }
    return told;
  }

  private async minimums(model: FleetModel): Promise<StandingMinimum[]> {
    const told: StandingMinimum[] = [];
    const add = async (
      document: StateDocument<{ readonly minVersion?: string }>,
      of: Pick<StandingMinimum, "product" | "channel">,
    ): Promise<void> => {
      const version = document.value.minVersion;
      if (version === undefined || told.length >= MAX_STANDING_MINIMUMS || this.newest !== model) return;
      told.push({ ...of, version, ...(await this.located(model, document, ["minVersion"])) });
    };
    await add(model.fleet, {});
    for (const [name, { product, channels }] of model.products) {
      await add(product, { product: name });
      for (const [channel, document] of channels) await add(document, { product: name, channel });
    }
    return told;
  }

  private async pins(model: FleetModel): Promise<StandingPin[]> {
    const ending = [...pinsOfState(model)].flatMap((scope) => {
      const { expires } = scope.pin;
      return expires === undefined ? [] : [{ ...scope, expires: parseDate(expires) }];
    });
    ending.sort((a, b) => a.expires - b.expires);
    const told: StandingPin[] = [];
    for (const { label, tenant = "", product, document, path, pin, expires } of ending) {
      if (told.length >= MAX_STANDING_PINS || this.newest !== model) break;
      const { version, reason, owner } = pin;
      told.push({
        ...{ scope: label, tenant, product, version, expires },
        ...(reason === undefined ? {} : { reason }),
        ...(owner === undefined ? {} : { owner }),
        ...(await this.located(model, document, [...path, "pin"])),
      });
    }
    return told;
  }

  private async stops(model: FleetModel): Promise<StandingStop[]> {
    const told: StandingStop[] = [];
    for (const stop of stopsOfState(model, this.parts.now())) {
      if (told.length >= MAX_STANDING_STOPS || this.newest !== model) break;
      const { label, document, path, ...rest } = stop;
      told.push({ scope: label, ...rest, ...(await this.located(model, document, path)) });
    }
    return told;
  }

  /** Where something stands, and the commit behind that. */
  private async located(
    { commit }: FleetModel,
    document: StateDocument<unknown>,
    path: readonly (string | number)[],
  ): Promise<Pick<StandingHold, "file" | "line" | "origin">> {
    const { file } = document;
    const { line } = document.spanOf(path, "key");
    const origin = await this.originOf(commit, document, line);
    return { file, line, ...(origin === undefined ? {} : { origin }) };
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

function offeredSecurity({ products }: FleetModel): OfferedSecurity[] {
  return [...products.values()].flatMap((product) =>
    [...product.channels].flatMap(([channel, { value }]) => {
      const version = newestSecurity(product, value.version);
      return version === undefined ? [] : [{ product: product.name, channel, version }];
    }),
  );
}
