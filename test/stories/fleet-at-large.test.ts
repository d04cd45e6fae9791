import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { cleanEnvironment, TOP } from "../support/run-command.ts";

const run = promisify(execFile);

/** More than the program ever waits for anything by itself. */
const GIVE_UP = 300_000;

test("300 machines take a version in waves, are spared a bad one, and outlive an outage without a herd", {
  timeout: GIVE_UP,
}, async (t) => {
  const program = join(TOP, "load", "run.ts");
  const args = ["--agents", "300", "--interval", "1", "--failing", "60", "--outage", "4", "--json"];
  const { stdout } = await run(process.execPath, [program, ...args], {
    ...{ env: cleanEnvironment(), signal: t.signal, killSignal: "SIGTERM", timeout: GIVE_UP - 10_000 },
  }).catch((error: { readonly stdout?: string }) => ({ stdout: error.stdout ?? "" }));
  const { promises, figures } = JSON.parse(stdout);
  const broken = promises.filter((promise: { readonly isKept: boolean }) => !promise.isKept);
  assert.deepEqual(broken, []);
  assert.equal(promises.length, 10);
  assert.equal(figures.streams, 300);
});
