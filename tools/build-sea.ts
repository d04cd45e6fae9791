/**
 * `npm run build:sea`: makes `fairlead-agent` one executable that needs no Node on its machine. All modules of the agent
 * become one file (esbuild), which Node puts into a copy of itself (docs/single-executable.md).
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { agentProgram, licencesOf, TOP } from "./bundle-settings.ts";

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
    const main = join(work, "agent.cjs");
    const { metafile } = await build(agentProgram(main, version));
    const config = join(work, "config.json");
    const executable = strippedNode(work);
    mkdirSync(dirname(out), { recursive: true });
    const settings = {
      ...{ main, executable, output: out, useCodeCache: true, disableExperimentalSEAWarning: true },
      // What NODE_OPTIONS says is meant for the programs of the machine, not for its updater.
      execArgvExtension: "none",
    };
    writeFileSync(config, JSON.stringify(settings));
    execFileSync(process.execPath, ["--build-sea", config], { stdio: ["ignore", "ignore", "inherit"] });
    writeFileSync(`${out}.licences.txt`, licencesOf(metafile));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
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
