import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { sha256Hex } from "../../protocol/digest.ts";
import { createFile, moveIntoPlace, replaceFile } from "../files/replace-file.ts";
import { ReleaseError } from "./release-error.ts";

/** What has been written so far, so that a failure can take it back. */
export class WrittenFiles {
  readonly paths: string[] = [];
  private readonly root: string;
  private readonly steps: (() => void)[] = [];

  constructor(root: string) {
    this.root = root;
  }

  /** Gives a temporary file its name. A file of that name may be there if it has the same bytes. */
  take(temporary: string, path: string, sha256: string): void {
    const file = join(this.root, path);
    if (existsSync(file)) {
      if (sha256Hex(readFileSync(file)) === sha256) return;
      throw new ReleaseError("release/artifact-exists", `\`${path}\` is there already with other bytes`, {
        help: "a released file never changes: release this build under a new version",
      });
    }
    moveIntoPlace(temporary, file);
    this.wrote(path, () => rmSync(file, { force: true }));
  }

  create(path: string, text: string): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    createFile(file, text);
    this.wrote(path, () => rmSync(file, { force: true }));
  }

  replace(path: string, bytes: Buffer): void {
    const file = join(this.root, path);
    mkdirSync(dirname(file), { recursive: true });
    const before = existsSync(file) ? readFileSync(file) : undefined;
    replaceFile(file, bytes);
    this.wrote(path, () =>
      before === undefined ? rmSync(file, { force: true }) : replaceFile(file, before),
    );
  }

  undo(): void {
    for (const step of this.steps.splice(0).reverse()) step();
  }

  private wrote(path: string, undo: () => void): void {
    this.paths.push(path);
    this.steps.push(undo);
  }
}
