import type { VersionScheme } from "../../protocol/version.ts";
import type { VersionState } from "../../schemas/state.generated.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { readWorktreeSnapshot } from "../source/read-worktree-snapshot.ts";
import type { TrustFiles } from "./fleet-model.ts";
import { readState, type StateReading } from "./read-state.ts";
import { WorktreeStateError } from "./worktree-state-error.ts";

/** One product as its files on disk say. */
export interface WorktreeProduct {
  readonly name: string;
  readonly versionScheme: VersionScheme;
  /** In the order of their file names. */
  readonly versions: readonly VersionState[];
}

/**
 * The state as it lies on disk, for whoever signs a part of it: each part can be asked for while others are broken, but
 * no part is ever given with a file of it missing.
 */
export class WorktreeState {
  private readonly reading: StateReading;

  constructor(reading: StateReading) {
    this.reading = reading;
  }

  /** Names of the products that have a `product.yaml`, sorted. */
  productNames(): string[] {
    const { productNames, files } = this.reading.sound;
    return [...productNames].filter((name) => files.has(`products/${name}/product.yaml`)).sort();
  }

  /**
   * A product with all its versions.
   *
   * @throws WorktreeStateError `worktree/unknown-product`, `worktree/invalid-product`
   */
  product(name: string): WorktreeProduct {
    const folder = `products/${name}`;
    const mistake = this.mistakeIn(`${folder}/product.yaml`) ?? this.mistakeIn(`${folder}/versions`);
    if (mistake !== undefined) throw new WorktreeStateError("worktree/invalid-product", ...refusal(mistake));
    const product = this.reading.sound.products.get(name);
    if (product === undefined) {
      const known = this.productNames().join(", ");
      throw new WorktreeStateError("worktree/unknown-product", `there is no product \`${name}\``, {
        help: `add ${folder}/product.yaml first${known === "" ? "" : `, or name one of: ${known}`}`,
      });
    }
    const { versionScheme = "semver" } = product.product.value;
    return { name, versionScheme, versions: [...product.versions.values()].map(({ value }) => value) };
  }

  /**
   * The `trust/` folder; `undefined` where there is none.
   *
   * @throws WorktreeStateError `worktree/invalid-trust`: a file in it cannot be read
   */
  trust(): TrustFiles | undefined {
    // A release index with a conflict in it is what signing anew solves.
    const mistake = this.mistakeIn("trust", "file/conflict-marker");
    if (mistake !== undefined) throw new WorktreeStateError("worktree/invalid-trust", ...refusal(mistake));
    return this.reading.sound.trust;
  }

  /** The first error at a path, below it, or in a folder above it that could not be read: a link, too many files. */
  private mistakeIn(path: string, passedOver?: string): Diagnostic | undefined {
    return this.reading.diagnostics.find(({ severity, file, rule }) => {
      const concerns = file === "." || file === path || isBelow(file, path) || isBelow(path, file);
      return severity === "error" && concerns && rule !== passedOver;
    });
  }
}

/**
 * Reads the state root on disk with the limits of a commit; links are not followed.
 *
 * @throws SourceError `path-not-found`
 */
export async function readWorktreeState(root: string): Promise<WorktreeState> {
  return new WorktreeState(readState(await readWorktreeSnapshot(root, 0)));
}

function refusal({ file, message }: Diagnostic): [message: string, options: { help: string }] {
  return [`${file}: ${message}`, { help: "run `fairlead validate` and correct what it shows" }];
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}
