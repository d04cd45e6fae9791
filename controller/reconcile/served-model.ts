import { SourceError } from "../source/source-error.ts";
import type { StateSource } from "../source/state-source.ts";
import type { FleetModel } from "../state/fleet-model.ts";
import { readState } from "../state/read-state.ts";
import type { StateCache } from "../state/state-cache.ts";

/**
 * The state behind the manifest that is served: what the rules that compare two states compare a new commit with. It
 * is kept from the publish on; after a restart it is read from the source, where the commit still is.
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
   * The state of the served commit; `undefined` where it cannot be understood, or is gone from the source. Nothing is lost then: a commit that
   * follows it cannot be told to descend from it, so it is held until a person accepts it.
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

/** The commit, or the state root in it: the setting of the root may have changed since it was served. */
function isGone({ code }: SourceError): boolean {
  return code === "source/commit-not-found" || code === "source/path-not-found";
}
