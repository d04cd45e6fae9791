import type { RequiresState } from "../../schemas/state.generated.ts";
import { withFileBytes } from "./executable/file-bytes.ts";
import type { ElfFile } from "./executable/read-elf.ts";
import { type Executable, readExecutable } from "./executable/read-executable.ts";
import { ReleaseError } from "./release-error.ts";

/** What was found out about a file that is to be released. */
export interface ExaminedArtifact {
  /** What it requires, as far as it says so itself. */
  readonly requires: RequiresState;
  /** In words, for who releases it. */
  readonly findings: readonly string[];
}

/**
 * Reads from a file what it requires of a machine.
 *
 * @param platform      `linux-x64`
 * @param name          how messages call the file
 * @param allowMismatch release it although it is not for the platform
 * @throws ReleaseError `release/not-for-platform`
 */
export function examineArtifact(
  platform: string,
  path: string,
  name: string,
  allowMismatch: boolean,
): ExaminedArtifact {
  return judgeExecutable(platform, withFileBytes(path, readExecutable), name, allowMismatch);
}

/** The same for what was read already. @throws ReleaseError `release/not-for-platform` */
export function judgeExecutable(
  platform: string,
  executable: Executable,
  name: string,
  allowMismatch: boolean,
): ExaminedArtifact {
  const mismatch = mismatchOf(platform, executable);
  if (mismatch === undefined) return readRequirements(platform, executable);
  if (allowMismatch) return { requires: {}, findings: [`${mismatch}; it is released all the same`] };
  throw new ReleaseError("release/not-for-platform", `\`${name}\` is not for ${platform}: ${mismatch}`, {
    help: "name the right platform or file; --allow-mismatch releases it all the same",
  });
}

/** Why the file cannot run on the platform; `undefined` where it can, or where nobody can tell. */
function mismatchOf(platform: string, executable: Executable): string | undefined {
  const dash = platform.indexOf("-");
  const system = platform.slice(0, dash);
  const architecture = platform.slice(dash + 1);
  switch (executable.kind) {
    case "elf": {
      if (system === "darwin" || system === "win32") return "it is an ELF file";
      if (executable.system !== undefined && executable.system !== system) {
        return `it is an ELF file for ${executable.system}`;
      }
      return executable.architecture === architecture
        ? undefined
        : `it is an ELF file for ${executable.architecture}`;
    }
    case "mach-o": {
      if (system !== "darwin") return "it is a Mach-O file";
      const has = executable.slices.map((slice) => slice.architecture);
      const slice = executable.slices.find((known) => known.architecture === architecture);
      if (slice === undefined) return `it is a Mach-O file for ${has.join(" and ") || "nothing"}`;
      return slice.otherSystem === true ? "it is a Mach-O file for another system than macOS" : undefined;
    }
    case "pe":
      if (system !== "win32") return "it is a PE file";
      return executable.architecture === architecture
        ? undefined
        : `it is a PE file for ${executable.architecture}`;
    case "broken":
      return `it begins as ${executable.form} and cannot be read as such (${executable.why})`;
    case "script":
    case "unknown":
      return undefined;
  }
}

function readRequirements(platform: string, executable: Executable): ExaminedArtifact {
  switch (executable.kind) {
    case "elf":
      return readElfRequirements(executable);
    case "mach-o": {
      const { macos } =
        executable.slices.find(({ architecture }) => platform.endsWith(`-${architecture}`)) ?? {};
      if (macos === undefined) return { requires: {}, findings: ["it does not say which macOS it requires"] };
      return { requires: { macos: `>=${macos}` }, findings: [`it requires macOS ${macos}`] };
    }
    case "pe": {
      const { windowsBuild: build } = executable;
      if (build === undefined) return { requires: {}, findings: ["it runs on any Windows"] };
      return {
        requires: { windowsBuild: `>=${build}` },
        findings: [`it requires build ${build} of Windows`],
      };
    }
    case "script":
      return { requires: {}, findings: ["it is a script, of which nobody can tell what it requires"] };
    case "broken":
    case "unknown":
      return {
        requires: {},
        findings: ["it is neither ELF, Mach-O nor PE, so nobody can tell what it requires"],
      };
  }
}

/** The oldest that is of any use: says that the library has to be there, whichever it is. */
const ANY_GLIBC = ">=2.0";
const ANY_MUSL = ">=1.0";

/** Libraries that come with glibc, and the loader itself. */
const OF_GLIBC =
  /^(ld-linux.*|ld64|ld|lib(c|m|dl|rt|pthread|util|resolv|nsl|anl|crypt|BrokenLocale|mvec))\.so(\.|$)/;
const OF_MUSL = /^(libc|ld-musl-.*|libc\.musl-.*)\.so(\.|$)/;

function readElfRequirements({ libc, needed }: ElfFile): ExaminedArtifact {
  if (libc === undefined && needed.length === 0) {
    return { requires: {}, findings: ["it is a static file, which requires no C library"] };
  }
  const others = needed.filter((library) => !OF_GLIBC.test(library) && !OF_MUSL.test(library));
  const finding = others.length === 0 ? [] : [`it also needs ${others.join(", ")}: that nobody checks`];
  switch (libc?.name) {
    case "glibc": {
      const least = libc.version === undefined ? ANY_GLIBC : `>=${libc.version}`;
      const version = libc.version === undefined ? "" : ` ${libc.version}`;
      return { requires: { glibc: least }, findings: [`it requires glibc${version}`, ...finding] };
    }
    case "musl":
      return {
        requires: { musl: ANY_MUSL },
        findings: ["it requires musl, and does not say which version", ...finding],
      };
    case undefined:
      return { requires: {}, findings: ["it is linked to no C library that is known here", ...finding] };
  }
}
