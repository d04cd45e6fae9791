import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { releaseRoleName } from "../../protocol/manifest-names.ts";
import { formatExpires } from "../../protocol/tuf-metadata.ts";
import { createFile, replaceFile } from "../files/replace-file.ts";
import { readProduct, readTrust } from "../release/read-work-tree.ts";
import { buildReleases, releaseDelegation } from "../trust/build-trust.ts";
import { OFFLINE_LIFETIMES } from "../trust/lifetimes.ts";
import { releaseTargets } from "../trust/release-index.ts";
import { GIT_INDENT, nextVersion, signRole } from "../trust/sign-role.ts";
import { SigningKey } from "../trust/signing-key.ts";
import { verifyTrust } from "../trust/verify-trust.ts";
import { KeyError } from "./key-error.ts";
import { readKeyFile, writeKeyFile } from "./key-file.ts";
import { makeKeyFolder } from "./require-untracked.ts";

/**
 * Makes the release key of a new product and adds its delegation to `trust/targets.json`, signed with every targets
 * key in the folder.
 *
 * @returns the files written, private key first
 * @throws KeyError, ReleaseError
 */
export function addProductKey(root: string, keyFolder: string, product: string, now: number): string[] {
  const released = readProduct(root, product);
  const { targets, root: rootRole } = verifyTrust(
    readTrust(root) ?? { roots: new Map(), releases: new Map() },
    now,
  ).roles;
  const before = targets?.delegations;
  if (targets === undefined || before === undefined || rootRole === undefined) {
    throw new KeyError("keys/not-found", "the state has no sound trust/ folder to add a product to", {
      help: "run `fairlead keys init`, or `fairlead validate` to see what is wrong with it",
    });
  }
  const name = releaseRoleName(product);
  if (before.roles.some((role) => role.name === name)) {
    throw new KeyError("keys/exists", `product \`${product}\` has a release key already`);
  }
  makeKeyFolder(keyFolder);
  const signers = targetsKeys(keyFolder).filter(({ keyid }) => rootRole.roles.targets.keyids.includes(keyid));
  const { threshold } = rootRole.roles.targets;
  if (signers.length < threshold) {
    throw new KeyError(
      "keys/not-found",
      `\`${keyFolder}\` holds ${signers.length} targets keys that count, and ${threshold} must sign`,
      {
        help: "bring the key files targets-<n>.json of enough people together in one folder, for as long as this takes",
      },
    );
  }

  const release = SigningKey.generate(`releases-${product}`);
  const signedTargets = signRole(
    {
      ...targets,
      version: nextVersion(targets.version, now),
      expires: formatExpires(now + OFFLINE_LIFETIMES.targets.life),
      delegations: {
        keys: { ...before.keys, [release.keyid]: release.key },
        roles: [releaseDelegation(product, release), ...before.roles],
      },
    },
    signers,
    GIT_INDENT,
  );
  const index = buildReleases(releaseTargets(released), nextVersion(undefined, now), now);
  const keyPath = join(keyFolder, `${name}.json`);
  const indexPath = join(root, "trust", "releases", `${product}.json`);
  writeKeyFile(keyPath, release);
  try {
    mkdirSync(dirname(indexPath), { recursive: true });
    createFile(indexPath, signRole(index, [release], GIT_INDENT));
    replaceFile(join(root, "trust", "targets.json"), signedTargets);
  } catch (error) {
    rmSync(keyPath, { force: true });
    throw error;
  }
  return [keyPath, `trust/releases/${product}.json`, "trust/targets.json"];
}

function targetsKeys(folder: string): SigningKey[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => /^targets-\d+\.json$/.test(name))
    .sort()
    .map((name) => readKeyFile(join(folder, name), "targets"));
}
