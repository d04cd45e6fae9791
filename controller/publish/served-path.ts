/** Where a target is served with consistent snapshots (TUF 1.0, section 6.2): `<dir>/<sha256>.<base>`. */
export function servedTargetPath(targetPath: string, sha256: string): string {
  const slash = targetPath.lastIndexOf("/") + 1;
  return `${targetPath.slice(0, slash)}${sha256}.${targetPath.slice(slash)}`;
}
