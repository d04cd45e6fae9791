import { InstallError } from "../../installation/install-error.ts";
import { logTail } from "../../installation/log-tail.ts";
import { describeEnd, type RunResult, runBounded } from "../../process/run-bounded.ts";

/** What macOS notes of an installed package. */
export interface Receipt {
  readonly version: string;
  /** Seconds since 1970, as macOS prints it: tells one installation of a version from the next. */
  readonly installedAt: string;
}

/** The system's own tools for packages, as far as an update needs them. */
export interface MacPackages {
  /** @returns `undefined` where no such package is installed */
  receipt(id: string): Promise<Receipt | undefined>;
  /** Reads a package without installing it. @throws InstallError `install/self-test-failed` for one that is damaged */
  inspect(file: string, signal?: AbortSignal): Promise<void>;
  /** @throws InstallError `install/installer-failed` */
  install(file: string): Promise<void>;
}

const MAX_OUTPUT_BYTES = 256 * 1024;
const ASK_SECONDS = 60;
const INSTALL_SECONDS = 1800;

/** `installer` and `pkgutil`, where macOS has them; by other paths only in tests. */
export class SystemMacPackages implements MacPackages {
  private readonly installer: string;
  private readonly pkgutil: string;

  constructor(installer = "/usr/sbin/installer", pkgutil = "/usr/sbin/pkgutil") {
    this.installer = installer;
    this.pkgutil = pkgutil;
  }

  async receipt(id: string): Promise<Receipt | undefined> {
    const result = await run([this.pkgutil, "--pkg-info", id], ASK_SECONDS);
    if (result.kind !== "exited" || result.code === null) throw cannotRun(this.pkgutil, result);
    if (result.code !== 0) return undefined;
    const version = /^version: (\S{1,128})$/m.exec(result.stdout)?.[1];
    const installedAt = /^install-time: (\d{1,15})$/m.exec(result.stdout)?.[1];
    if (version === undefined || installedAt === undefined) throw cannotRun(this.pkgutil, result);
    return { version, installedAt };
  }

  async inspect(file: string, signal?: AbortSignal): Promise<void> {
    const result = await run([this.installer, "-pkginfo", "-pkg", file], ASK_SECONDS, signal);
    if (result.kind === "exited" && result.code === 0) return;
    if (result.kind === "aborted")
      throw new InstallError("install/aborted", "stopped while reading the package");
    if (result.kind === "cannot-start") throw cannotRun(this.installer, result);
    throw new InstallError("install/self-test-failed", "macOS cannot read the package", {
      got: describe(result),
      help: "look at the file under broken/ in the staging folder; build the package again",
      log: logOf(result),
    });
  }

  async install(file: string): Promise<void> {
    const result = await run([this.installer, "-pkg", file, "-target", "/"], INSTALL_SECONDS);
    if (result.kind === "exited" && result.code === 0) return;
    throw new InstallError("install/installer-failed", "macOS did not install the package", {
      expected: "exit code 0",
      got: describe(result),
      help: "read /var/log/install.log; what was installed before is put back",
      log: logOf(result),
    });
  }
}

function run(argv: readonly string[], seconds: number, signal?: AbortSignal): Promise<RunResult> {
  return runBounded({ argv, seconds, maxOutputBytes: MAX_OUTPUT_BYTES, leftovers: "leave", signal });
}

function cannotRun(program: string, result: RunResult): InstallError {
  return new InstallError("install/installer-failed", `\`${program}\` cannot be asked`, {
    got: describe(result),
    help: "packages of this kind are for macOS, which has this program",
  });
}

function describe(result: RunResult): string {
  switch (result.kind) {
    case "exited":
      return describeEnd(result);
    case "cannot-start":
      return `it cannot be started (${result.errno})`;
    default:
      return result.kind;
  }
}

function logOf(result: RunResult): string | undefined {
  return "stdout" in result ? logTail(result.stdout, result.stderr) : undefined;
}
