/** The name of a role's metadata file; role names are percent-encoded in file names and URLs. */
export function metadataFileName(role: string): string {
  return `${encodeURIComponent(role)}.json`;
}

/** Where a target is served with consistent snapshots (TUF 1.0, section 6.2): `<dir>/<digest>.<base>`. */
export function servedTargetPath(targetPath: string, digest: string): string {
  const base = targetPath.lastIndexOf("/") + 1;
  return `${targetPath.slice(0, base)}${digest}.${targetPath.slice(base)}`;
}

/** A digest that stands before the last part of a path. */
const SERVED_PATH = /^(.*\/)?([0-9a-f]{64})\.([^/]+)$/;

/** The target path and the digest that such a name holds; `undefined` for another name. */
export function splitServedPath(
  served: string,
): { readonly path: string; readonly sha256: string } | undefined {
  const [, folder = "", sha256, base = ""] = SERVED_PATH.exec(served) ?? [];
  return sha256 === undefined ? undefined : { path: folder + base, sha256 };
}
