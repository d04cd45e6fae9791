import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parseDocument, stringify } from "yaml";
import { canonicalJson } from "../../protocol/canonical-json.ts";
import { isRange, isVersion } from "../../protocol/version.ts";
import type { ArtifactState, VersionState } from "../../schemas/state.generated.ts";
import { readWorktreeState, type WorktreeProduct } from "../state/read-worktree-state.ts";
import { requirementsOf } from "../state/requirements-of.ts";
import type { Reading } from "./hash-artifact.ts";
import { packageKind } from "./read-package.ts";
import { ReleaseError } from "./release-error.ts";
import type { ReleaseRequest } from "./release-request.ts";
import { requireApplicable } from "./required-facts.ts";
import { releaseSigners, type SignedReleases, signReleases } from "./sign-releases.ts";
import { takeArtifact } from "./take-artifact.ts";
import { takeDeltas } from "./take-deltas.ts";
import { WrittenFiles } from "./written-files.ts";

export interface AddedRelease {
  /** Files that were written or changed, relative to the state root. */
  readonly files: readonly string[];
  readonly artifacts: readonly ArtifactState[];
  /** What was found out about each artifact, in words, in their order. */
  readonly findings: readonly (readonly string[])[];
  /** Absent where the state has no `trust/` folder. */
  readonly signed?: SignedReleases;
}

/**
 * Releases a version: hashes its files, writes its version file and signs the release role of the product. All of it,
 * or nothing. The same release once more changes no version file; one with builds that the version does not have adds
 * them to it, and leaves those that it has alone.
 *
 * @throws ReleaseError, KeyError, WorktreeStateError
 */
export async function addRelease(request: ReleaseRequest, reading: Reading): Promise<AddedRelease> {
  const state = await readWorktreeState(request.root);
  const product = state.product(request.product);
  requireSoundRequest(request, product);
  const trust = state.trust();
  const signers =
    trust === undefined ? [] : releaseSigners(trust, request.product, request.keys, request.now);
  const written = new WrittenFiles(request.root);
  try {
    const artifacts: ArtifactState[] = [];
    const findings: (readonly string[])[] = [];
    for (const artifact of request.artifacts) {
      const taken = await takeArtifact(request, product, artifact, written, reading);
      const deltas = await takeDeltas(request, product, artifact, taken.artifact, written, reading);
      artifacts.push(deltas.length === 0 ? taken.artifact : { ...taken.artifact, deltas });
      findings.push(taken.findings);
    }
    const version = versionState(request, artifacts);
    const released = product.versions.find((known) => known.version === request.version);
    const grown = released === undefined ? undefined : grownRelease(request, released, version);
    if (released === undefined) written.create(versionFile(request), versionText(request, version));
    else if (grown === undefined) requireSameRelease(request, released, version);
    else written.replace(versionFile(request), grownText(request, artifacts));
    const versions = [
      ...product.versions.filter((known) => known !== released),
      grown ?? released ?? version,
    ];
    const signed =
      trust === undefined
        ? undefined
        : await signReleases(trust, { ...product, versions }, signers, request.now);
    if (signed !== undefined) written.replace(signed.path, signed.bytes);
    return { files: written.paths, artifacts, findings, ...(signed === undefined ? {} : { signed }) };
  } catch (error) {
    written.undo();
    throw error;
  }
}

function requireSoundRequest(request: ReleaseRequest, { versionScheme }: WorktreeProduct): void {
  const { version, artifacts, upgradeFrom, rollbackTo } = request;
  if (!isVersion(versionScheme, version)) {
    throw new ReleaseError("release/bad-version", `\`${version}\` is not a ${versionScheme} version`, {
      help: `product.yaml of \`${request.product}\` says how its versions are counted; there is no \`v\` in front`,
    });
  }
  for (const [name, range] of Object.entries({ upgradeFrom, rollbackTo })) {
    if (range === undefined || isRange(versionScheme, range)) continue;
    throw new ReleaseError("release/bad-range", `${name}: \`${range}\` is not a ${versionScheme} range`, {
      help: "write comparators such as `>=1.2.0 <2.0.0`",
    });
  }
  const seen = new Set<string>();
  for (const { platform, file } of artifacts) {
    if (!/^[a-z0-9]+-[a-z0-9_]+$/.test(platform)) {
      throw new ReleaseError("release/bad-artifact", `\`${platform}\` is not a platform`, {
        help: "name the operating system and the architecture as node does: linux-x64, darwin-arm64",
      });
    }
    const kind = `${platform} ${packageKind(file) ?? "binary"}`;
    if (seen.has(kind)) {
      throw new ReleaseError(
        "release/bad-artifact",
        `there are two artifacts of one format for \`${platform}\``,
      );
    }
    seen.add(kind);
  }
  requireApplicable(request.requires ?? [], [...new Set(artifacts.map(({ platform }) => platform))]);
}

function versionState(request: ReleaseRequest, artifacts: ArtifactState[]): VersionState {
  const { version, releaseNotes, severity, upgradeFrom, rollbackTo, barrier, deadEnd } = request;
  return {
    version,
    ...(releaseNotes === undefined ? {} : { releaseNotes }),
    ...(severity === undefined || severity === "normal" ? {} : { severity }),
    ...(upgradeFrom === undefined ? {} : { upgradeFrom }),
    ...(barrier === undefined ? {} : { barrier: barrier.reason === undefined || { reason: barrier.reason } }),
    ...(deadEnd === undefined ? {} : { deadEnd }),
    ...(rollbackTo === undefined ? {} : { rollbackTo }),
    artifacts,
  };
}

/**
 * The version with builds more, where it has none of those that are asked for, and what else is said of it agrees: the
 * schema lets `artifacts` grow. `undefined`: it has some of them.
 */
function grownRelease(
  request: ReleaseRequest,
  before: VersionState,
  now: VersionState,
): VersionState | undefined {
  const has = ({ platform, format }: ArtifactState): boolean =>
    before.artifacts.some((known) => known.platform === platform && known.format === format);
  if (now.artifacts.some(has)) return undefined;
  const { artifacts: added, ...said } = now;
  for (const [key, value] of Object.entries(said)) {
    if (!isDeepStrictEqual(value, Reflect.get(before, key))) throw differs(request);
  }
  return { ...before, artifacts: [...before.artifacts, ...added] };
}

/** With the comments that are there. */
function grownText(request: ReleaseRequest, added: readonly ArtifactState[]): Buffer {
  const document = parseDocument(readFileSync(join(request.root, versionFile(request)), "utf8"));
  for (const artifact of added) document.addIn(["artifacts"], document.createNode(artifact));
  return Buffer.from(document.toString({ lineWidth: 110 }));
}

function differs({ version, product }: ReleaseRequest): ReleaseError {
  return new ReleaseError(
    "release/exists",
    `version ${version} of \`${product}\` is there already, and differs`,
    {
      help: "a version never changes once it is there: release this build under a new version",
    },
  );
}

/**
 * A published version never changes: machines that have it would no longer have what its name says. That it is a barrier
 * or a dead end may be found later, so what its file says of that stands unless the request says something else; and what
 * its files require is held against it only where it says that, or somebody says it now: it may be older than the reading
 * of files.
 */
function requireSameRelease(request: ReleaseRequest, before: VersionState, now: VersionState): void {
  const saysRequirements =
    before.requires !== undefined || before.artifacts.some(({ requires }) => requires !== undefined);
  const comparesRequirements = saysRequirements || (request.requires ?? []).length > 0;
  const facts = ({
    artifacts,
    requires,
    upgradeFrom,
    rollbackTo,
    severity = "normal",
  }: VersionState): string =>
    JSON.stringify([
      artifacts
        .map((artifact) => {
          const { platform, format, size, sha256, url, packageVersion, repository } = artifact;
          const required = comparesRequirements ? (requirementsOf(requires, artifact.requires) ?? {}) : {};
          const bytes = [size, sha256, url, packageVersion, repository];
          return [platform, format, ...bytes, canonicalJson(required)].join(" ");
        })
        .sort(),
      upgradeFrom ?? "",
      rollbackTo ?? "",
      severity,
    ]);
  const agrees = (key: "barrier" | "deadEnd"): boolean =>
    now[key] === undefined || isDeepStrictEqual(now[key], before[key]);
  if (facts(before) === facts(now) && agrees("barrier") && agrees("deadEnd")) return;
  throw differs(request);
}

function versionFile({ product, version }: ReleaseRequest): string {
  return `products/${product}/versions/${version}.yaml`;
}

function versionText(request: ReleaseRequest, version: VersionState): string {
  const file = join(request.root, versionFile(request));
  const folders = [join(request.root, "schemas"), join(request.root, "..", "schemas")];
  const schemas =
    folders.find((folder) => existsSync(join(folder, "version.schema.json"))) ?? folders[0] ?? "";
  const schema = join(relative(dirname(file), schemas), "version.schema.json").replaceAll("\\", "/");
  return `# yaml-language-server: $schema=${schema}\n${stringify(version, { lineWidth: 110 })}`;
}
