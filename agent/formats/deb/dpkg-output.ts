import type { PackageFailure } from "../packages/package-manager.ts";

/** What dpkg's output says, in the C locale, most telling first. */
const SIGNS: readonly (readonly [RegExp, PackageFailure])[] = [
  [/was locked by another process|is locked by another process|unable to lock/, "packages-locked"],
  [/No space left on device|Disk quota exceeded/, "disk-full"],
  [/requires superuser privilege|Read-only file system|Permission denied/, "not-writable"],
  [/trying to overwrite|conflicting packages|conflicts with|would break|breaks existing/, "package-conflict"],
  [/dependency problems|pre-dependency problem/, "new-dependency"],
  [/(?:pre|post)-(?:installation|removal) script subprocess|maintainer script/, "package-script-failed"],
];

/** What went wrong in a run of dpkg; `undefined`: nothing. */
export function dpkgFailure(output: string, code: number | null): PackageFailure | undefined {
  if (code === 0) return undefined;
  return SIGNS.find(([sign]) => sign.test(output))?.[1] ?? "package-manager-failed";
}

/**
 * The files that `dpkg --verify` says are not as their package brought them, configuration left out. What this user may
 * not look at is not said to be changed: an agent without rights sees less than root.
 */
export function changedFilesIn(output: string): readonly string[] {
  return output.split("\n").flatMap((line) => {
    const [, found, kind, path] = /^(\S+)\s+(?:(c) )?(\/.*)$/.exec(line) ?? [];
    if (found === undefined || path === undefined || kind === "c") return [];
    if (found === "missing") return path.endsWith(" (Permission denied)") ? [] : path;
    return found[2] === "5" ? path : [];
  });
}

/** A regular file that a package would lay down. */
export interface PackedFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
}

/** The regular files of `dpkg-deb --contents`: mode, owner, size, date, time, name from `./` on. */
export function filesIn(contents: string): readonly PackedFile[] {
  return contents.split("\n").flatMap((line) => {
    const [, bytes, path] = /^-\S* +\S+ +(\d+) +\S+ +\S+ +\.(\/.*)$/.exec(line) ?? [];
    return bytes === undefined || path === undefined ? [] : { path, bytes: Number(bytes) };
  });
}
