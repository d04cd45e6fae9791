import { realpathSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import { printable } from "../../protocol/printable.ts";
import { own } from "../../protocol/scope.ts";
import { readConfig } from "../config/config-file.ts";
import { openRepository } from "../config/open-repository.ts";
import { FetchError } from "../fetch/fetch-error.ts";
import { sha256OfFile } from "../files/hash-file.ts";
import { agentHome } from "../home/agent-home.ts";
import { printableJson } from "../output/printable-json.ts";
import { type FileVerdict, identifyFile, type SignedFile } from "../trust/identify-file.ts";
import { TrustError } from "../trust/trust-error.ts";
import type { TrustedRepository } from "../trust/trusted-repository.ts";
import { EXIT, type Invocation, text } from "./agent-command.ts";
import { versionMeant } from "./chosen-settings.ts";
import { UsageError } from "./usage-error.ts";

/**
 * `fairlead-agent update --verify FILE`: a file that came by another way, against what the release keys signed. Changes
 * nothing but the trusted metadata.
 */
export async function verifyFile({ values }: Invocation, file: string): Promise<number> {
  const { path, size, sha256 } = readFile(file);
  const home = agentHome(text(values, "home"), process.env);
  const config = await readConfig(home);
  const product = text(values, "product");
  const names = config.products.map((one) => one.product).filter((name) => (product ?? name) === name);
  const now = (): number => Math.floor(Date.now() / 1000);
  let repository = openRepository(config.server, home, now);
  let offline: string | undefined;
  try {
    await repository.refresh();
  } catch (error) {
    if (!(error instanceof FetchError || error instanceof TrustError)) throw error;
    offline = error.message;
    repository = openRepository(config.server, home, now, "last-verified");
  }
  if (offline !== undefined) {
    process.stderr.write(`warning: ${printable(offline)}; compared with the last verified manifest\n`);
  }
  const products = await signedProducts(repository, names);
  const version = text(values, "version");
  const verdict = identifyFile(
    products.releases,
    { name: basename(path), size, sha256 },
    version === undefined ? undefined : versionMeant(version),
  );
  const yanked = verdict.kind === "signed" && products.isYanked(verdict.file);
  if (values.json === true) {
    const answer = { file: path, size, sha256, offline: offline !== undefined, ...asJson(verdict) };
    process.stdout.write(`${printableJson(yanked ? { ...answer, yanked } : answer, 2)}\n`);
    return verdict.kind === "signed" ? EXIT.ok : EXIT.refused;
  }
  return print(verdict, path, sha256, yanked);
}

interface ReadFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
}

function readFile(file: string): ReadFile {
  try {
    const path = realpathSync(resolve(file));
    const found = statSync(path);
    const sha256 = found.isFile() ? sha256OfFile(path) : undefined;
    if (sha256 !== undefined) return { path, size: found.size, sha256 };
  } catch {
    // It cannot be read, which is all that there is to say.
  }
  throw new UsageError("usage/bad-value", `--verify: \`${printable(file)}\` is not a file that can be read`, {
    help: "name the file that is to be compared with the signed manifest",
  });
}

async function signedProducts(repository: TrustedRepository, names: readonly string[]) {
  const releases = new Map(
    await Promise.all(names.map(async (name) => [name, await repository.releases(name)] as const)),
  );
  const policies = await Promise.all(names.map((name) => repository.productPolicy(name)));
  const isYanked = ({ product, release, artifact }: SignedFile): boolean => {
    const policy = policies.find((one) => one.product === product);
    return (
      artifact.active === false ||
      policy?.yanked.includes(release.version) === true ||
      own(policy?.yankedFor, release.version)?.includes(artifact.platform) === true
    );
  };
  return { releases, isYanked };
}

function print(verdict: FileVerdict, path: string, sha256: string, yanked: boolean): number {
  switch (verdict.kind) {
    case "signed": {
      const yank = yanked ? "; it is yanked: do not install it" : "";
      process.stdout.write(`${printable(path)} is ${describe(verdict.file)}, as signed${yank}\n`);
      return EXIT.ok;
    }
    case "tampered": {
      const [first, ...others] = verdict.claimed;
      const what =
        others.length === 0
          ? describe(first)
          : `any of ${others.length + 1} signed files of its name or size`;
      const expected = others.length === 0 ? `expected sha256 ${first.sha256}, ` : "";
      process.stderr.write(
        `CRITICAL: ${printable(path)} is not ${what}: ${expected}got ${sha256}; do not run it\n`,
      );
      return EXIT.refused;
    }
    case "unknown":
      process.stderr.write(
        `error[trust/unknown-target]: nobody signed ${printable(path)} (sha256 ${sha256})\n` +
          "  = help: do not run it before you know where it comes from; a version that was published since is known " +
          "after `fairlead-agent update --check`\n",
      );
      return EXIT.refused;
  }
}

function describe({ product, release, artifact, isDelta }: SignedFile): string {
  const what = `${product} ${release.version} for ${artifact.platform} (${artifact.format})`;
  return isDelta ? `a delta to ${what}` : what;
}

function asJson(verdict: FileVerdict): object {
  switch (verdict.kind) {
    case "signed":
      return { verdict: "signed", ...fileJson(verdict.file) };
    case "tampered":
      return { verdict: "tampered", claimed: verdict.claimed.map(fileJson) };
    case "unknown":
      return { verdict: "unknown" };
  }
}

function fileJson({ product, release, artifact, sha256, isDelta }: SignedFile): object {
  const { platform, format, target } = artifact;
  return { product, version: release.version, platform, format, target, signed: sha256, delta: isDelta };
}
