import type { PackageFailure } from "../packages/package-manager.ts";

const SIGNS: readonly (readonly [RegExp, PackageFailure])[] = [
  [/can't create transaction lock|waiting for .* lock/, "packages-locked"],
  [/needs \d+\S* (?:more space|inodes)|No space left on device|Disk quota exceeded/, "disk-full"],
  [/Permission denied|Read-only file system|superuser/, "not-writable"],
  [/conflicts with|conflicts between|is obsoleted by/, "package-conflict"],
  [/Failed dependencies|is needed by/, "new-dependency"],
];

/**
 * What went wrong in a run of rpm; `undefined`: nothing. A scriptlet that fails after the files are there is a mere warning
 * to rpm, and no success to us.
 */
export function rpmFailure(output: string, code: number | null): PackageFailure | undefined {
  if (/^(?:error|warning): (?:%\w+\(.*\) scriptlet failed|lua script failed)/m.test(output)) {
    return "package-script-failed";
  }
  if (code === 0) return undefined;
  return SIGNS.find(([sign]) => sign.test(output))?.[1] ?? "package-manager-failed";
}
