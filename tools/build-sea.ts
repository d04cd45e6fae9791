/**
 * `npm run build:sea`: makes `fairlead-agent` one executable that needs no Node on its machine. All modules of the agent
 * become two files (esbuild), which Node puts into a copy of itself, with their compiled code (docs/single-executable.md).
 */
import { type ExecFileSyncOptions, execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { bundleAgent } from "./bundle-agent.ts";
import { BUNDLE, licencesOf, TOP } from "./bundle-settings.ts";

const USAGE = `npm run build:sea [-- [--out FILE] [--version VERSION]]

  --out FILE         the executable (default: build/fairlead-agent)
  --version VERSION  what it calls itself (default: the version in package.json)
`;

interface Order {
  readonly out: string;
  readonly version: string;
}

function readOrder(): Order {
  const { values } = parseArgs({ options: { out: { type: "string" }, version: { type: "string" } } });
  const { version } = JSON.parse(readFileSync(join(TOP, "package.json"), "utf8"));
  const suffix = process.platform === "win32" ? ".exe" : "";
  return {
    out: resolve(values.out ?? join(TOP, "build", `fairlead-agent${suffix}`)),
    version: values.version ?? version,
  };
}

async function buildExecutable({ out, version }: Order): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "fairlead-sea-"));
  try {
    const main = join(work, "start.cjs");
    await build({ ...BUNDLE, entryPoints: [join(TOP, "tools/sea-main.cjs")], format: "cjs", outfile: main });
    const { files, metafile } = await bundleAgent(work, version);
    const assets = Object.entries(files).flatMap(([name, file]) => [
      [name, file],
      [`${name}.code`, compiled(file, name)],
    ]);
    const config = join(work, "config.json");
    const executable = strippedNode(work);
    mkdirSync(dirname(out), { recursive: true });
    const settings = {
      ...{ main, executable, output: out, assets: Object.fromEntries(assets) },
      ...{ useCodeCache: true, disableExperimentalSEAWarning: true },
      // What NODE_OPTIONS says is meant for the programs of the machine, not for its updater.
      execArgvExtension: "none",
    };
    writeFileSync(config, JSON.stringify(settings));
    execFileSync(process.execPath, [ALWAYS_THE_SAME, "--build-sea", config], QUIETLY);
    writeFileSync(`${out}.licences.txt`, licencesOf(metafile));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Compiled code holds numbers that are drawn for each process; with these drawn alike, the same source gives the same. */
const ALWAYS_THE_SAME = "--random-seed=1";
const QUIETLY = { stdio: ["ignore", "ignore", "inherit"] } as const satisfies ExecFileSyncOptions;

/** @returns where the compiled code of a bundle then lies */
function compiled(file: string, name: string): string {
  const code = `${file}.code`;
  execFileSync(
    process.execPath,
    [ALWAYS_THE_SAME, join(TOP, "tools/compile-bundle.cjs"), file, name, code],
    QUIETLY,
  );
  return code;
}

/** Without its symbols node is a fifth smaller. Afterwards nothing may be stripped: the program would go with them. */
function strippedNode(work: string): string {
  const node = join(work, "node");
  copyFileSync(process.execPath, node);
  if (process.platform === "linux") execFileSync("strip", [node], { stdio: "inherit" });
  return node;
}

try {
  const order = readOrder();
  await buildExecutable(order);
  const mib = (statSync(order.out).size / 1024 ** 2).toFixed(1);
  console.log(`${order.out}: fairlead-agent ${order.version}, ${mib} MiB`);
} catch (error) {
  const isUsage = error instanceof Error && "code" in error && `${error.code}`.startsWith("ERR_PARSE_ARGS");
  console.error(`error: ${error instanceof Error ? error.message : error}`);
  if (isUsage) console.error(USAGE);
  process.exitCode = isUsage ? 2 : 1;
}
