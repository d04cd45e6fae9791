/** The name of a role's metadata file; role names are percent-encoded in file names and URLs. */
export function metadataFileName(role: string): string {
  return `${encodeURIComponent(role)}.json`;
}

/** Where a target is served with consistent snapshots (TUF 1.0, section 6.2): `<dir>/<digest>.<base>`. */
export function servedTargetPath(targetPath: string, digest: string): string {
  const base = targetPath.lastIndexOf("/") + 1;
  return `${targetPath.slice(0, base)}${digest}.${targetPath.slice(base)}`;
}
