/** A package that a test has built. */
export interface MadePackage {
  readonly name: string;
  /** Whole. */
  readonly version: string;
  readonly architecture?: string;
  /** Further lines of its control file, or of its spec. */
  readonly control?: string;
  /** Maintainer scripts by their name. */
  readonly scripts?: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

/** Where the package has its program. */
export const PROGRAM = "/opt/lantern/lantern";

/** lantern as a package: a program that says its version. */
export function lantern(version: string, more: Partial<MadePackage> = {}): MadePackage {
  const plain = version.replace(/-1$/, "");
  const program = `#!/bin/sh\necho "lantern ${plain}"\n`;
  return { name: "lantern", version, ...more, files: { [PROGRAM]: program, ...more.files } };
}
