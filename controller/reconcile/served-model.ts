import { SourceError } from "../source/source-error.ts";
import type { StateSource } from "../source/state-source.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { readState } from "../state/read-state.ts";
import type { StateCache } from "../state/state-cache.ts";

/**
 * The state of the commit that is served, with which some rules compare a new commit. It is kept from the publish on;
 * after a restart it is read from the source again.
 */
export class ServedModel {
  private readonly source: Pick<StateSource, "snapshot">;
  private readonly cache: StateCache | undefined;
  private kept: FleetModel | undefined;

  constructor(source: Pick<StateSource, "snapshot">, cache?: StateCache) {
    this.source = source;
    this.cache = cache;
  }

  keep(model: FleetModel): void {
    this.kept = model;
  }

  /**
   * The state of the served commit; `undefined` where it cannot be understood, or once it is gone from the source. No
   * rule is bypassed by that: a new commit cannot be shown to descend from the served one then, so it is held until a
   * person accepts it.
   *
   * @throws SourceError when the source cannot be read
   */
  async of(commit: string): Promise<FleetModel | undefined> {
    if (this.kept?.commit === commit) return this.kept;
    try {
      const snapshot = await this.source.snapshot(commit);
      this.kept = readState(snapshot, this.cache === undefined ? {} : { cache: this.cache }).model;
      return this.kept;
    } catch (error) {
      if (error instanceof SourceError && isGone(error)) return undefined;
      throw error;
    }
  }
}

/** Whether the commit is gone, or the state root in it: the setting of the root may have changed since. */
function isGone({ code }: SourceError): boolean {
  return code === "source/commit-not-found" || code === "source/path-not-found";
}
