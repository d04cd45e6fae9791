import { mkdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ArtifactState } from "../../schemas/state.generated.ts";
import type { WorktreeProduct } from "../state/read-worktree-state.ts";
import { examineArtifact } from "./examine-artifact.ts";
import { copyArtifact, hashArtifact, type Reading } from "./hash-artifact.ts";
import { type PackageKind, packageKind, readPackage } from "./read-package.ts";
import type { ArtifactRequest, ReleaseRequest } from "./release-request.ts";
import { requireArchive } from "./require-archive.ts";
import { requireSamePackage } from "./require-same-package.ts";
import { requiresOf } from "./required-facts.ts";
import type { WrittenFiles } from "./written-files.ts";

/** Hashes and examines one file, and puts a copy of it where it is hosted unless it is downloaded from elsewhere. */
export async function takeArtifact(
  request: ReleaseRequest,
  product: WorktreeProduct,
  { platform, file }: ArtifactRequest,
  written: WrittenFiles,
  reading: Reading,
): Promise<{ readonly artifact: ArtifactState; readonly findings: readonly string[] }> {
  const kind = packageKind(file);
  const examine = (path: string) => {
    if (kind !== undefined) return examinePackage(request, product, platform, kind, path);
    if (isArchive(file)) requireArchive(path, basename(file));
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

/** What is to be written of a package besides its bytes. What it depends on is its package manager's matter. */
function examinePackage(
  { version: released, allowMismatch, requires: said = [] }: ReleaseRequest,
  { versions, versionScheme }: WorktreeProduct,
  platform: string,
  kind: PackageKind,
  path: string,
): { readonly findings: readonly string[]; readonly requires: Partial<ArtifactState> } {
  const { name, version } = readPackage(kind, path, platform, allowMismatch === true);
  if (allowMismatch !== true) {
    const claimed = { version: released, versionScheme, platform, kind, released: versions };
    requireSamePackage({ name, version }, claimed);
  }
  const requires = requiresOf(platform, {}, said);
  return {
    findings: [`package ${name} ${version}`],
    requires: { package: name, packageVersion: version, ...(requires === undefined ? {} : { requires }) },
  };
}
