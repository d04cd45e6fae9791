import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { releaseRoleName } from "../../protocol/manifest-names.ts";
import { createFile } from "../files/replace-file.ts";
import { readProduct } from "../release/read-work-tree.ts";
import { buildReleases, buildRoot, buildTargets } from "../trust/build-trust.ts";
import { releaseTargets } from "../trust/release-index.ts";
import { GIT_INDENT, nextVersion, signRole } from "../trust/sign-role.ts";
import { SigningKey } from "../trust/signing-key.ts";
import { KeyError } from "./key-error.ts";
import { writeKeyFile } from "./key-file.ts";
import { makeKeyFolder } from "./require-untracked.ts";

export interface KeyPlan {
  /** The state root, which gets `trust/`. */
  readonly root: string;
  /** The folder for private keys. */
  readonly keyFolder: string;
  /** How many people hold a root and a targets key, and how many of them must sign together. */
  readonly people: number;
  readonly threshold: number;
  /** Products that get a release key. */
  readonly products: readonly string[];
  /** Seconds since 1970. */
  readonly now: number;
}

export interface WrittenKeys {
  /** Private key files: absolute paths with role and key id. */
  readonly keys: readonly { readonly path: string; readonly role: string; readonly keyid: string }[];
  /** Public files for git, relative to the state root. */
  readonly trust: readonly string[];
}

/**
 * Makes every key of a production set-up and the `trust/` folder that names them: root and targets keys for each
 * person, one release key for each product, the controller's online key. All files, or none.
 *
 * @throws KeyError `keys/exists`, `keys/in-git`, `keys/bad-threshold`
 * @throws ReleaseError when the version files of a product cannot be read
 */
export function initKeys(plan: KeyPlan): WrittenKeys {
  requireRoom(plan);
  makeKeyFolder(plan.keyFolder);
  const people = Array.from({ length: plan.people }, (_, index) => String(index + 1));
  const root = people.map(() => SigningKey.generate("root"));
  const targets = people.map(() => SigningKey.generate("targets"));
  const online = SigningKey.generate("online");
  const releases = new Map(
    plan.products.map((product) => [product, SigningKey.generate(`releases-${product}`)]),
  );

  const keyFiles: [name: string, key: SigningKey][] = [
    ...root.map((key, index): [string, SigningKey] => [`root-${people[index]}.json`, key]),
    ...targets.map((key, index): [string, SigningKey] => [`targets-${people[index]}.json`, key]),
    ...[...releases].map(([product, key]): [string, SigningKey] => [`${releaseRoleName(product)}.json`, key]),
    ["online.json", online],
  ];
  const holders = { root, targets, threshold: plan.threshold, online, releases };
  const trust: [path: string, bytes: Buffer][] = [
    ["trust/root/1.root.json", signRole(buildRoot(holders, 1, plan.now), root, GIT_INDENT)],
    [
      "trust/targets.json",
      signRole(buildTargets(holders, nextVersion(undefined, plan.now), plan.now), targets, GIT_INDENT),
    ],
    ...[...releases].map(([product, key]): [string, Buffer] => [
      `trust/releases/${product}.json`,
      signedReleases(plan, product, key),
    ]),
  ];
  writeAll(plan, keyFiles, trust);
  return {
    keys: keyFiles.map(([name, { role, keyid }]) => ({ path: join(plan.keyFolder, name), role, keyid })),
    trust: trust.map(([path]) => path),
  };
}

/** What the product's version files say already, so that the first commit with `trust/` is a sound one. */
function signedReleases({ root, now }: KeyPlan, product: string, key: SigningKey): Buffer {
  const role = buildReleases(releaseTargets(readProduct(root, product)), nextVersion(undefined, now), now);
  return signRole(role, [key], GIT_INDENT);
}

function requireRoom({ root, keyFolder, people, threshold }: KeyPlan): void {
  if (threshold < 1 || people < threshold || people > 20) {
    throw new KeyError("keys/bad-threshold", `${threshold} of ${people} is no threshold`, {
      help: "ask for at least one signature and for at most as many as there are keys (up to 20)",
    });
  }
  const trust = join(root, "trust");
  if (existsSync(trust)) {
    throw new KeyError("keys/exists", `\`${trust}\` is there already, and agents trust what it says`, {
      help: "use `fairlead keys add-product` for a new product; a new root needs the old root keys",
    });
  }
  if (existsSync(keyFolder) && readdirSync(keyFolder).some((name) => name.endsWith(".json"))) {
    throw new KeyError("keys/exists", `there are keys in \`${keyFolder}\` already`, {
      help: "choose another folder with --dir",
    });
  }
}

function writeAll(
  { root, keyFolder }: KeyPlan,
  keyFiles: readonly (readonly [string, SigningKey])[],
  trust: readonly (readonly [string, Buffer])[],
): void {
  const written: string[] = [];
  try {
    for (const [name, key] of keyFiles) {
      const path = join(keyFolder, name);
      writeKeyFile(path, key);
      written.push(path);
    }
    for (const [name, bytes] of trust) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      createFile(path, bytes);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    rmSync(join(root, "trust"), { recursive: true, force: true });
    throw error;
  }
}
