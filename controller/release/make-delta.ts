import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { ReleaseError } from "./release-error.ts";

/** zstd takes no longer window on every machine, and an agent would need as much memory. */
const LARGEST = 1024 ** 3;

/**
 * Makes a delta with the program `zstd`, which finds matches over the whole length of the older file; the encoder that
 * node has does not.
 *
 * @throws ReleaseError `release/no-delta`
 */
export async function makeDelta(
  from: string,
  file: string,
  delta: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const path of [from, file]) {
    if (statSync(path).size <= LARGEST) continue;
    throw new ReleaseError("release/no-delta", `\`${path}\` is larger than 1 GiB`, {
      help: "release it without --delta-from: an agent would need as much memory to apply the delta",
    });
  }
  const args = ["-q", "-f", "-19", "--long=30", `--patch-from=${from}`, "-o", delta, "--", file];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = spawn("zstd", args, {
    stdio: ["ignore", "ignore", "pipe"],
    ...(signal === undefined ? {} : { signal }),
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = `${said}${text}`.slice(-500);
  });
  child.on("error", (cause) => {
    const help = "install zstd (1.4.5 or later), or release without --delta-from";
    reject(new ReleaseError("release/no-delta", "the program `zstd` cannot be run", { cause, help }));
  });
  child.on("close", (code) => {
    if (code === 0) resolve();
    else reject(new ReleaseError("release/no-delta", `zstd made no delta from \`${from}\`: ${said.trim()}`));
  });
  await promise;
}
