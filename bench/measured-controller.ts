import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { PublishedManifest } from "../controller/publish/published-manifest.ts";
import { Publisher } from "../controller/publish/publisher.ts";
import { type ReconcileParts, reconcile } from "../controller/reconcile/reconcile.ts";
import { ServedModel } from "../controller/reconcile/served-model.ts";
import { GitSource } from "../controller/source/git-source.ts";
import { parseSourceLocation } from "../controller/source/source-location.ts";
import { StateCache } from "../controller/state/state-cache.ts";

/** What reconciles in a running controller, without the thread that serves. */
export class MeasuredController {
  readonly source: GitSource;
  private readonly parts: ReconcileParts;
  private served: PublishedManifest | undefined;

  private constructor(source: GitSource, parts: ReconcileParts) {
    this.source = source;
    this.parts = parts;
  }

  static async open(
    repository: string,
    stateFolder: string,
    onlineKeyFile: string,
  ): Promise<MeasuredController> {
    const source = await GitSource.open({
      location: parseSourceLocation(repository),
      ref: "main",
      path: "",
      mirrorsFolder: join(stateFolder, "mirrors"),
    });
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
    const { publisher } = Publisher.open({ stateFolder, devKeys: false, onlineKeyFile });
    const cache = new StateCache();
    return new MeasuredController(source, {
      source,
      editing: false,
      accepted: () => undefined,
      judgeSignatures: undefined,
      servedModel: new ServedModel(source, cache),
      cache,
      gap: (model) => publisher.gap(model),
      publish: async (model, policies, now, removed) => publisher.publish(model, policies, now, removed),
      now: () => Math.floor(Date.now() / 1000),
    });
  }

  /** Brings the commit that is due into a signed manifest on disk. */
  async reconcile(): Promise<PublishedManifest> {
    const { manifest, outcome, error } = await reconcile(this.parts, this.served, false);
    if (manifest === undefined) {
      throw new Error(`the bench's own state is not good: ${JSON.stringify(outcome)}`, { cause: error });
    }
    this.served = manifest;
    return manifest;
  }
}
