// Plain JavaScript that any Node from 14 on can read: it finds the runtime that Fairlead is made for and hands over.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module, { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const REQUIRED_MAJOR = 26;
const top = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The runtime that `npm ci` pins beside us, if it is there. */
function pinnedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve("node/package.json");
    const binary = join(dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}

/** A published package carries compiled JavaScript; a checkout runs its TypeScript as it is. */
function entryPoint(name) {
  const compiled = join(top, "dist", `${name}.js`);
  const source = join(top, `${name}.ts`);
  return existsSync(source) ? source : compiled;
}

/**
 * Where compiled code is kept between runs, which halves the start of a command. Only beside our own modules, where
 * whoever may write could change those as well; never in a folder that others can write to.
 */
const compileCache = join(top, "node_modules", ".cache", "fairlead");

export function launch(name) {
  const entry = entryPoint(name);
  const keepsCompiled = existsSync(join(top, "node_modules"));
  if (Number(process.versions.node.split(".")[0]) >= REQUIRED_MAJOR) {
    if (keepsCompiled) module.enableCompileCache(compileCache);
    import(pathToFileURL(entry).href);
    return;
  }
  const node = pinnedNode();
  if (node === undefined) {
    process.stderr.write(
      `error[runtime/too-old]: this is Node ${process.versions.node}, and Fairlead needs Node ${REQUIRED_MAJOR} or newer\n` +
        "  = help: in a checkout run `npm ci`, which brings the pinned runtime; elsewhere install Node " +
        `${REQUIRED_MAJOR} or newer, or \`npm install node@${REQUIRED_MAJOR}\` beside the package\n`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(node, [entry, ...process.argv.slice(2)], {
    stdio: "inherit",
    env: keepsCompiled ? { NODE_COMPILE_CACHE: compileCache, ...process.env } : process.env,
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`error[runtime/cannot-start]: ${node}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else process.exitCode = 128 + ({ SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGKILL: 9 }[signal] ?? 0);
  });
}
