// Finds a Node that Fairlead can run on. Plain JavaScript that any Node from 14.18 on can read.
const { existsSync, readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

const REQUIRED_MAJOR = 26;
const top = join(__dirname, "..");

/**
 * Which Node to run on: `{ kind: "this" }`, the running one, when it is new enough; `{ kind: "pinned", node }`, the
 * one that `npm ci` brings, when it starts on this machine; else `{ kind: "none", refusal }`, the lines that say what
 * is missing and what to do.
 */
function findRuntime() {
  if (Number(process.versions.node.split(".")[0]) >= REQUIRED_MAJOR) return { kind: "this" };
  const pinned = pinnedRuntime();
  if (pinned === undefined) return { kind: "none", refusal: explainOldNode() };
  if (pinned.failure !== undefined) return { kind: "none", refusal: explainFailure(pinned) };
  return { kind: "pinned", node: pinned.node };
}

/** The runtime that `npm ci` pins, `{ node, version, failure }`: `failure` says why it does not start here. */
function pinnedRuntime() {
  let folder;
  try {
    folder = dirname(require.resolve("node/package.json"));
  } catch {
    return undefined;
  }
  const node = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (!existsSync(node)) return undefined;
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const { spawnSync } = require("node:child_process");
  const { status, error, stderr } = spawnSync(node, ["--version"], { encoding: "utf8" });
  if (status === 0) return { node, version };
  const [firstLine] = (error === undefined ? stderr : error.message).trim().split("\n");
  return { node, version, failure: firstLine || "it ends without a word" };
}

function explainOldNode() {
  const lines = [
    `error[runtime/too-old]: this is Node ${process.versions.node}, and Fairlead needs Node ${REQUIRED_MAJOR} or newer`,
  ];
  if (!existsSync(join(top, "package-lock.json"))) {
    lines.push(
      `  = help: install Node ${REQUIRED_MAJOR} or newer, or \`npm install node@${REQUIRED_MAJOR}\` beside the package`,
    );
  } else if (existsSync(join(top, "node_modules", "node"))) {
    lines.push(
      "  = note: npm fetches the pinned runtime by an install script, and those were off",
      "  = help: run `npm ci --ignore-scripts=false`",
    );
  } else {
    lines.push("  = help: run `npm ci`, which brings the pinned runtime");
  }
  return lines;
}

function explainFailure({ version, failure }) {
  const library = /error while loading shared libraries: ([\w.+-]+):/.exec(failure)?.[1];
  const otherwise = `a Node ${REQUIRED_MAJOR} or newer of this machine would be taken as well`;
  if (library === undefined) {
    return [
      `error[runtime/cannot-start]: the pinned Node ${version} does not start on this machine: ${failure}`,
      `  = help: install Node ${REQUIRED_MAJOR} or newer, which is then taken instead`,
    ];
  }
  const needs = `  = note: the pinned Node ${version} needs it; ${otherwise}`;
  if (library === "libatomic.so.1" && existsSync("/usr/bin/apt-get")) {
    return [
      `error[runtime/missing-library]: ${library} is missing: as root, run \`apt-get install libatomic1\``,
      needs,
      "  = help: after that, run this command again",
    ];
  }
  return [
    `error[runtime/missing-library]: ${library} is missing`,
    needs,
    "  = help: install the package that brings it, then run this command again",
  ];
}

/** Says why nothing can be run. */
function refuse(lines) {
  process.stderr.write(`${lines.join("\n")}\n`);
  process.exitCode = 1;
}

/**
 * Runs `node` in our place: same terminal, its exit code is ours, and signals reach it. Where this Node can, its process
 * goes on as that one, and nothing of ours stays in memory beside it; an older one waits for it.
 */
function handOver(node, args, env) {
  if (typeof process.execve === "function" && process.platform !== "win32") {
    process.execve(node, [node, ...args], env);
  }
  const { spawn } = require("node:child_process");
  const child = spawn(node, args, { stdio: "inherit", env });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => refuse([`error[runtime/cannot-start]: ${node}: ${error.message}`]));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else process.exitCode = 128 + ({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGKILL: 9 }[signal] ?? 0);
  });
}

module.exports = { findRuntime, pinnedRuntime, refuse, handOver };
