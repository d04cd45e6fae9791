import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { Updater } from "tuf-js";
import { temporaryFolder } from "./serve-process.ts";

/** A client of another make, with the memory of a real one: what it has seen, it never goes back behind. */
export class TufClient {
  private readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(t: TestContext, server: string): Promise<TufClient> {
    const folder = await temporaryFolder(t);
    await mkdir(join(folder, "targets"));
    const root = await (await fetch(`${server}/tuf/1.root.json`)).text();
    await writeFile(join(folder, "root.json"), root);
    return new TufClient(folder);
  }

  /** Verifies the whole manifest and downloads one policy document. */
  async verify(server: string): Promise<void> {
    const updater = new Updater({
      metadataDir: this.folder,
      metadataBaseUrl: `${server}/tuf`,
      targetDir: join(this.folder, "targets"),
      targetBaseUrl: `${server}/targets`,
    });
    await updater.refresh();
    const target = await updater.getTargetInfo("policy/product/lantern.json");
    assert.ok(target !== undefined);
    await updater.downloadTarget(target);
  }
}
