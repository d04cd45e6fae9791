import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PROGRAM } from "../../agent/packages/made-package.ts";
import { type Installed, namesIn, stagingNames, type TorturedFormat } from "./tortured-format.ts";

/** Where the package has its files. */
const FOLDER = dirname(PROGRAM);

/** A package manager's view of one package. */
export type Registered =
  /** Whole, as far as its database says. */
  { readonly version: string } | "nothing" | { readonly broken: string };

/** What differs between package formats. */
export interface PackageKind extends Required<Pick<TorturedFormat, "tool">> {
  readonly name: "deb" | "rpm";
  /** Builds a package from a folder with its files. @returns its file, in the scratch folder */
  build(tree: string, version: string, scratch: string): string;
  /** What its database says of lantern. `root`: the machine's, seen from outside. */
  registered(root: string): Registered;
  /** Forgets lantern, and its files. */
  uninstall(root: string): void;
}

/** A file that no other version has: of a version that is not installed, it must be gone. */
function onlyIn(version: string): string {
  return join(FOLDER, `share/new-in-${version}`);
}

/** Files by their path, with their text. */
function filesOf(version: string): Readonly<Record<string, string>> {
  return {
    [PROGRAM]: `#!/bin/sh\n# ${version}\necho "lantern ${version}"\n`,
    [join(FOLDER, "share/about")]: `about ${version}\n`.repeat(2000),
    [onlyIn(version)]: "nothing new\n",
    // The same in each version.
    [join(FOLDER, "share/licence")]: "do as you like\n",
  };
}

/** A product of several files that a package manager installs from the file that the update server has. */
export function packageFormat(kind: PackageKind): TorturedFormat {
  const built = new Map<string, Buffer>();
  const packageVersion = (version: string): string => `${version}-1`;
  return {
    name: kind.name,
    tool: kind.tool,
    settings: () => ({ install_path: PROGRAM, package: "lantern" }),
    signed: (version) => ({
      package: { name: "lantern", version: packageVersion(version) },
      critical: ["package"],
    }),
    artifact(version, selfReported = version) {
      const known = built.get(selfReported) ?? build(kind, selfReported);
      built.set(selfReported, known);
      return known;
    },
    installed({ folder, home }, versions) {
      const found = look(kind, folder, versions);
      const isNoted = existsSync(join(home, "staging", "package-change"));
      return isNoted && typeof found === "object" && "broken" in found ? { unfinished: found.broken } : found;
    },
    uninstall: ({ folder }) => kind.uninstall(folder),
    kept({ folder, home }, versions) {
      const found = look(kind, folder, versions);
      const version = typeof found === "object" && "version" in found ? found.version : "none";
      const files = Object.keys(filesOf(version)).map((path) => path.slice(FOLDER.length + 1));
      const own = new Set(["share", ...files]);
      const beside = ["", "share"]
        .flatMap((at) => namesIn(join(folder, FOLDER, at)).map((name) => join(at, name)))
        .filter((name) => !own.has(name))
        .map((name) => `../${name.replace(/;[0-9a-f]{8}$/, ".tmp")}`);
      return [...stagingNames(join(home, "staging")), ...beside]
        .filter((name) => name !== "package-log")
        .toSorted();
    },
  };
}

function build(kind: PackageKind, version: string): Buffer {
  const scratch = mkdtempSync(join(tmpdir(), "fairlead-packed-"));
  try {
    const tree = join(scratch, "tree");
    for (const [path, text] of Object.entries(filesOf(version))) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text, { mode: path === PROGRAM ? 0o755 : 0o644 });
    }
    return readFileSync(kind.build(tree, version, scratch));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function look(kind: PackageKind, folder: string, versions: readonly string[]): Installed {
  const registered = kind.registered(folder);
  if (registered === "nothing") {
    return existsSync(join(folder, PROGRAM)) ? { broken: "a program of no package" } : "nothing";
  }
  if ("broken" in registered) return registered;
  const version = versions.find((one) => one === registered.version);
  if (version === undefined) return { broken: `${registered.version}, which is no version` };
  for (const [path, text] of Object.entries(filesOf(version))) {
    const got = textOf(join(folder, path));
    if (got !== text) return { broken: `${version} with another ${path}: ${got?.slice(0, 40)}` };
  }
  return { version };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** Runs a tool of the package manager on a machine's folders, from outside. */
export function ask(
  program: string,
  ...args: readonly string[]
): { readonly code: number | null; readonly text: string } {
  const env = { ...process.env, LC_ALL: "C" };
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", env });
  return { code: status, text: status === 0 ? stdout : stdout + stderr };
}
