import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { sha256Hex } from "../../../protocol/digest.ts";
import { nameById, namesIn, stagingNames, type TorturedFormat } from "./tortured-format.ts";

const PROGRAM = "bin/lantern";
const STAGING = ".versions.fairlead";

/** Several files in several folders, and a link: the program needs all of them to say its version. */
type Text = (version: string) => string;
const FILES: Readonly<Record<string, Text>> = {
  [PROGRAM]: () =>
    '#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\necho "lantern $(cat "$here/../share/current/version")"\n',
  "share/lantern/version": (version) => `${version}\n`,
  "share/lantern/doc/about": () => "gives light\n".repeat(500),
};
const LINKS: Readonly<Record<string, string>> = { "share/current": "lantern" };

const packed = new Map<string, Buffer>();

export const archive: TorturedFormat = {
  name: "archive",
  settings: (folder) => ({ install_path: folder, executable: PROGRAM }),
  artifact(version, selfReported = version) {
    const key = `${version} ${selfReported}`;
    const bytes = packed.get(key) ?? pack(selfReported, `made as ${version}\n`);
    packed.set(key, bytes);
    return bytes;
  },
  installed({ folder }, versions) {
    const link = join(folder, "current");
    const found = lstatSync(link, { throwIfNoEntry: false });
    if (found === undefined) return "nothing";
    if (!found.isSymbolicLink()) return { broken: "`current` is no link" };
    const target = readlinkSync(link);
    const version = versions.find((one) => target === `versions/${sha256Hex(archive.artifact(one))}`);
    if (version === undefined) return { broken: `\`current\` leads to ${target}, which is no version's` };
    const problem = damageOf(join(folder, target), version);
    return problem === undefined ? { version } : { broken: `${version}: ${problem}` };
  },
  uninstall({ folder }) {
    for (const name of ["current", "versions"]) rmSync(join(folder, name), { recursive: true });
  },
  kept({ folder }, versions) {
    const unpacked = namesIn(join(folder, "versions")).map((name) => `versions/${name}`);
    const beside = namesIn(folder)
      .filter((name) => !["current", "versions", STAGING].includes(name))
      .map((name) => `../${name}`);
    return [...stagingNames(join(folder, STAGING)), ...unpacked, ...beside]
      .map(nameById(archive, versions))
      .toSorted();
  },
};

function pack(version: string, note: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-packed-"));
  try {
    const write = (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    for (const [path, text] of Object.entries(FILES)) write(path, text(version));
    write("share/lantern/note", note);
    for (const [path, target] of Object.entries(LINKS)) symlinkSync(target, join(folder, path));
    chmodSync(join(folder, PROGRAM), 0o755);
    const same = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
    return gzipSync(execFileSync("tar", [...same, "-C", folder, "-cf", "-", "."]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Compared with what was packed, and not with the agent's own list of files. */
function damageOf(folder: string, version: string): string | undefined {
  const files: Readonly<Record<string, Text>> = {
    ...FILES,
    "share/lantern/note": () => `made as ${version}\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    try {
      if (readFileSync(join(folder, path), "utf8") !== text(version)) return `\`${path}\` has other bytes`;
      const mode = lstatSync(join(folder, path)).mode & 0o777;
      const expected = path === PROGRAM ? 0o555 : 0o444;
      if (mode !== expected) return `\`${path}\` has mode ${mode.toString(8)}`;
    } catch (error) {
      return `\`${path}\`: ${error}`;
    }
  }
  for (const [path, target] of Object.entries(LINKS)) {
    const found = lstatSync(join(folder, path), { throwIfNoEntry: false });
    if (found?.isSymbolicLink() !== true) return `\`${path}\` is no link`;
    if (readlinkSync(join(folder, path)) !== target) return `\`${path}\` leads elsewhere`;
  }
  return undefined;
}
