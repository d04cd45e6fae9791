import { execFileSync } from "node:child_process";
import type { ReleasePackage } from "../../protocol/release.ts";
import { ReleaseError } from "./release-error.ts";

export type PackageKind = "deb" | "rpm";

/** What a package file says of itself, asked of the tool that every builder of such packages has. */
const COMMANDS: Readonly<Record<PackageKind, readonly [string, ...string[]]>> = {
  deb: [
    "dpkg-deb",
    "--show",
    `--showformat=${["Package", "Version", "Architecture"].map(field).join("\\n")}`,
  ],
  rpm: [
    "rpm",
    ...["--query", "--nosignature", "--queryformat"],
    ...["%{NAME}\\n%|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\\n%{ARCH}", "--package"],
  ],
};

function field(name: string): string {
  return `\${${name}}`;
}

/** Node's name of each architecture that packages are built for; those for all of them fit everywhere. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  amd64: "x64",
  x86_64: "x64",
  arm64: "arm64",
  aarch64: "arm64",
  armhf: "arm",
  armv7hl: "arm",
  i386: "ia32",
  i686: "ia32",
  ppc64el: "ppc64",
  ppc64le: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
};
const FOR_ALL = ["all", "noarch"];

/** The kind of package that a file is named as; `undefined`: none. */
export function packageKind(file: string): PackageKind | undefined {
  return file.endsWith(".deb") ? "deb" : file.endsWith(".rpm") ? "rpm" : undefined;
}

/**
 * Name and whole version of a package file.
 *
 * @throws ReleaseError `release/bad-artifact` where it cannot be read; `release/not-for-platform`
 */
export function readPackage(
  kind: PackageKind,
  file: string,
  platform: string,
  allowMismatch: boolean,
): Pick<ReleasePackage, "name" | "version"> {
  const [tool, ...args] = COMMANDS[kind];
  let output: string;
  try {
    output = execFileSync(tool, [...args, file], {
      encoding: "utf8",
      timeout: 60_000,
      maxBuffer: 64 * 1024,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env.PATH, LC_ALL: "C" },
    });
  } catch (cause) {
    throw new ReleaseError("release/bad-artifact", `\`${file}\` cannot be read as a ${kind} package`, {
      help: `\`${tool}\` has to be installed here, and has to read it: run \`${tool}\` on the file by hand`,
      cause,
    });
  }
  const [name = "", version = "", architecture = ""] = output.trim().split("\n");
  const [system, processor] = platform.split("-");
  const fits = FOR_ALL.includes(architecture) || ARCHITECTURES[architecture] === processor;
  if (!allowMismatch && (system !== "linux" || !fits)) {
    throw new ReleaseError(
      "release/not-for-platform",
      `\`${file}\` is for ${architecture}, not ${platform}`,
      {
        help: "name the right platform or file; `--allow-mismatch` releases it all the same",
      },
    );
  }
  return { name, version };
}
