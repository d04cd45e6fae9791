import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { canonicalJson } from "../../protocol/canonical-json.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import type { Severity } from "../../protocol/release.ts";
import { isRange, isVersion } from "../../protocol/version.ts";
import type { ArtifactState, DeltaState, VersionState } from "../../schemas/state.generated.ts";
import { createFile, moveIntoPlace, replaceFile, TEMPORARY_SUFFIX } from "../files/replace-file.ts";
import type { KeysAtHand } from "../keys/keys-at-hand.ts";
import { readWorktreeState, type WorktreeProduct } from "../state/read-worktree-state.ts";
import { requirementsOf } from "../state/requirements-of.ts";
import { examineArtifact } from "./examine-artifact.ts";
import { copyArtifact, hashArtifact, type Reading } from "./hash-artifact.ts";
import { makeDelta } from "./make-delta.ts";
import { type PackageKind, packageKind, readPackage } from "./read-package.ts";
import { ReleaseError } from "./release-error.ts";
import { type RequiredFact, requireApplicable, requiresOf } from "./required-facts.ts";
import { releaseSigners, type SignedReleases, signReleases } from "./sign-releases.ts";

/** What a delta is made from: an earlier version, or a file for one platform, which may be left out where there is one. */
export interface DeltaOrigin {
  readonly platform?: string;
  readonly from: string;
}

/** A file to release for one platform. */
export interface ArtifactRequest {
  /** `linux-x64` */
  readonly platform: string;
  /** Path on this machine. */
  readonly file: string;
}

export interface ReleaseRequest {
  /** The state root in the work tree. */
  readonly root: string;
  readonly product: string;
  readonly version: string;
  readonly artifacts: readonly ArtifactRequest[];
  /** Where the files are downloaded from; absent: they are copied into the state root and hosted. */
  readonly urlBase?: string;
  /** The repository that has the packages among the files: machines fetch those from there. */
  readonly repository?: string;
  readonly releaseNotes?: string;
  readonly severity?: Severity;
  readonly upgradeFrom?: string;
  readonly rollbackTo?: string;
  /** Everybody older passes through it. */
  readonly barrier?: { readonly reason?: string };
  /** No way leads up from it. */
  readonly deadEnd?: { readonly reason: string; readonly url?: string };
  /** What takes the place of what the files say that they require. */
  readonly requires?: readonly RequiredFact[];
  /** Release also files that are not for their platform. */
  readonly allowMismatch?: boolean;
  /** Deltas are made from these: paths of earlier files, or earlier versions whose files are hosted. */
  readonly deltaFrom?: readonly DeltaOrigin[];
  /** Where the release key is; needed where the state has a `trust/` folder. */
  readonly keys: KeysAtHand;
  /** Seconds since 1970. */
  readonly now: number;
}

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
 * or nothing. The same release once more changes no version file.
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
      const taken = await takeArtifact(request, artifact, written, reading);
      const deltas = await takeDeltas(request, product, artifact, taken.artifact, written, reading);
      artifacts.push(deltas.length === 0 ? taken.artifact : { ...taken.artifact, deltas });
      findings.push(taken.findings);
    }
    const version = versionState(request, artifacts);
    const released = product.versions.find((known) => known.version === request.version);
    if (released === undefined) written.create(versionFile(request), versionText(request, version));
    else requireSameRelease(request, released, version);
    const versions = released === undefined ? [...product.versions, version] : product.versions;
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

/** Hashes and examines one file, and puts a copy of it where it is hosted unless it is downloaded from elsewhere. */
async function takeArtifact(
  request: ReleaseRequest,
  { platform, file }: ArtifactRequest,
  written: WrittenFiles,
  reading: Reading,
): Promise<{ readonly artifact: ArtifactState; readonly findings: readonly string[] }> {
  const kind = packageKind(file);
  const examine = (path: string) => {
    if (kind !== undefined) return examinePackage(request, platform, kind, path);
    const examined = isArchive(file)
      ? {
          requires: {},
          findings: ["it is an archive, in which nobody looks: say with --requires what it needs"],
        }
      : examineArtifact(platform, path, basename(file), request.allowMismatch === true);
    const requires = requiresOf(platform, examined.requires, request.requires ?? []);
    return { findings: examined.findings, requires: requires === undefined ? {} : { requires } };
  };
  const format = kind ?? (isArchive(file) ? "archive" : "binary");
  const { repository } = request;
  if (kind !== undefined && repository !== undefined) {
    const hashed = await hashArtifact(file, reading);
    const { findings, requires } = examine(file);
    return { artifact: { platform, format, ...hashed, ...requires, repository }, findings };
  }
  if (request.urlBase !== undefined) {
    const url = `${request.urlBase.replace(/\/+$/, "")}/${encodeURIComponent(basename(file))}`;
    const hashed = await hashArtifact(file, reading);
    const { findings, requires } = examine(file);
    return { artifact: { platform, format, url, ...hashed, ...requires }, findings };
  }
  const extension = /\.(?:exe|deb|rpm|zip|tar\.(?:gz|zst)|tgz)$/.exec(file)?.[0] ?? "";
  const url = `artifacts/${request.product}-${request.version}-${platform}${extension}`;
  const destination = join(request.root, url);
  mkdirSync(dirname(destination), { recursive: true });
  const { size, sha256, temporary } = await copyArtifact(file, destination, reading);
  try {
    const { findings, requires } = examine(temporary);
    written.take(temporary, url, sha256);
    return { artifact: { platform, format, url, size, sha256, ...requires }, findings };
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** By its name, as the vendor gives it; how it is packed is told by its bytes where it is unpacked. */
function isArchive(file: string): boolean {
  return /\.(zip|tar\.gz|tgz|tar\.zst)$/.test(file);
}

/** Makes the deltas of one artifact, and puts them where its file is. */
async function takeDeltas(
  request: ReleaseRequest,
  product: WorktreeProduct,
  { platform, file }: ArtifactRequest,
  artifact: ArtifactState,
  written: WrittenFiles,
  reading: Reading,
): Promise<DeltaState[]> {
  const deltas: DeltaState[] = [];
  for (const origin of request.deltaFrom ?? []) {
    if (origin.platform !== undefined && origin.platform !== platform) continue;
    const old = oldFileOf(request, product, platform, origin);
    if (artifact.format !== "binary") {
      throw new ReleaseError(
        "release/no-delta",
        "archives and packages are compressed, so a delta would be as large as they are",
        { help: "leave out --delta-from, or release a single file" },
      );
    }
    if (request.urlBase !== undefined || artifact.url === undefined) {
      throw new ReleaseError(
        "release/no-delta",
        "deltas are hosted, and these files are downloaded from elsewhere",
        { help: "leave out --url-base or --delta-from" },
      );
    }
    const from = await hashArtifact(old, reading);
    const name = `${basename(artifact.url)}.from-${from.sha256.slice(0, 16)}.zst`;
    const temporary = join(request.root, "artifacts", `.${name}${TEMPORARY_SUFFIX}`);
    try {
      await makeDelta(old, file, temporary, reading.signal);
      const { size, sha256 } = await hashArtifact(temporary, { ...reading, onBytes: () => undefined });
      const url = `artifacts/${name}`;
      written.take(temporary, url, sha256);
      deltas.push({ from: from.sha256, url, size, sha256 });
    } finally {
      rmSync(temporary, { force: true });
    }
  }
  return deltas;
}

function oldFileOf(
  { root, artifacts }: ReleaseRequest,
  product: WorktreeProduct,
  platform: string,
  { platform: named, from }: DeltaOrigin,
): string {
  const version = [...product.versions].find((known) => known.version === from);
  const earlier = version?.artifacts.find(
    (known) => known.platform === platform && known.format === "binary",
  );
  if (earlier?.url !== undefined) {
    const file = join(root, earlier.url);
    if (existsSync(file)) return file;
    throw new ReleaseError(
      "release/no-delta",
      `the file of ${from} for ${platform} is not at \`${earlier.url}\``,
      {
        help: "fetch it (`git lfs pull`), or name the file itself with --delta-from",
      },
    );
  }
  if (existsSync(from) && (named !== undefined || artifacts.length === 1)) return from;
  throw new ReleaseError(
    "release/no-delta",
    `\`${from}\` is neither a file nor a version with a file for ${platform}`,
    {
      help: "name an earlier version, or PLATFORM=FILE where there are several artifacts",
    },
  );
}

/** What is to be written of a package besides its bytes. What it depends on is its package manager's matter. */
function examinePackage(
  { allowMismatch, requires: said = [] }: ReleaseRequest,
  platform: string,
  kind: PackageKind,
  path: string,
): { readonly findings: readonly string[]; readonly requires: Partial<ArtifactState> } {
  const { name, version } = readPackage(kind, path, platform, allowMismatch === true);
  const requires = requiresOf(platform, {}, said);
  return {
    findings: [`package ${name} ${version}`],
    requires: { package: name, packageVersion: version, ...(requires === undefined ? {} : { requires }) },
  };
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
  const { version, product } = request;
  throw new ReleaseError(
    "release/exists",
    `version ${version} of \`${product}\` is there already, and differs`,
    {
      help: "a version never changes once it is there: release this build under a new version",
    },
  );
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

/** What has been written so far, so that a failure can take it back. */
class WrittenFiles {
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
