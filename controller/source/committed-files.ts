import { findStateRoot } from "./find-state-root.ts";
import { GitRepository } from "./git-repository.ts";

/** A small file of a commit; of one that is larger than was asked for, only that. */
export type CommittedFile = { readonly kind: "bytes"; readonly bytes: Buffer } | { readonly kind: "larger" };

/** Reads small files of commits that are in a mirror, beside whoever else reads it. */
export class CommittedFiles {
  private readonly repository: GitRepository;
  private readonly path: string | undefined;

  /**
   * @param folder of the mirror
   * @param path   state root inside the repository; absent: where each commit has its fleet.yaml
   */
  constructor(folder: string, path: string | undefined) {
    this.repository = new GitRepository(folder, folder);
    this.path = path;
  }

  /**
   * @param files below the state root, with `/`
   * @returns in their order; `undefined` for what is not there
   * @throws SourceError
   */
  async read(
    commit: string,
    files: readonly string[],
    maxBytes: number,
  ): Promise<(CommittedFile | undefined)[]> {
    const root = this.path ?? (await findStateRoot(this.repository, commit));
    const prefix = `${commit}:${root === "" ? "" : `${root}/`}`;
    // A line break would be taken for the end of a name.
    const names = files.map((file) => (/[\r\n]/.test(file) ? undefined : `${prefix}${file}`));
    const found = await this.repository.objects.read(
      names.filter((name) => name !== undefined),
      maxBytes,
    );
    const objects = found.values();
    return names.map((name) => {
      const object = name === undefined ? undefined : objects.next().value;
      if (object?.type !== "blob") return undefined;
      return object.bytes === undefined ? { kind: "larger" } : { kind: "bytes", bytes: object.bytes };
    });
  }

  close(): void {
    this.repository.close();
  }
}
