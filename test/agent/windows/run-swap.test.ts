import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { runSwap } from "../../../agent/formats/windows/run-swap.ts";
import { readJob, type SwapJob, writeJob } from "../../../agent/formats/windows/swap-job.ts";
import { sha256Hex } from "../../../protocol/digest.ts";
import { run } from "../../support/run-command.ts";
import { whyNoStrace } from "../../support/strace.ts";
import { ProcessServices } from "./process-services.ts";

/** A service that runs on; `ends`: one that exits straight after its start. */
function service(version: string, ends = false): Buffer {
  return Buffer.from(`#!/bin/sh\n${ends ? "exit 3" : `exec sh -c 'sleep 600; : run ${version}'`}\n`);
}

interface Bench {
  readonly services: ProcessServices;
  readonly file: string;
  readonly job: SwapJob;
  readonly folder: string;
  /** As before the exchange: 1.0.0 installed and running, the new program waiting. */
  reset(): Promise<void>;
  names(): string[];
}

async function bench(t: TestContext, incoming: Buffer): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-windows-"));
  const program = join(folder, "lantern.exe");
  const staging = join(folder, "staging");
  mkdirSync(staging);
  const services = new ProcessServices(program);
  const file = join(staging, "exchange.json");
  const job = {
    service: "lantern",
    program,
    incoming: join(staging, "new.exe"),
    id: sha256Hex(incoming),
    outgoing: join(staging, "outgoing.exe"),
    broken: join(folder, "lantern.broken.exe"),
  };
  t.after(async () => {
    await services.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const put = (path: string, bytes: Buffer) => {
    rmSync(path, { force: true });
    writeFileSync(path, bytes);
    chmodSync(path, 0o755);
  };
  return {
    services,
    file,
    job,
    folder,
    reset: async () => {
      await services.stop();
      for (const path of [job.outgoing, job.broken]) rmSync(path, { force: true });
      put(program, service("1.0.0"));
      put(job.incoming, incoming);
      await services.start();
      writeJob(file, job);
    },
    names: () => readdirSync(staging),
  };
}

test("the service runs the new program after an exchange, and nothing is left of it", async (t) => {
  const { services, file, job, reset, names } = await bench(t, service("1.1.0"));
  await reset();
  assert.equal(services.running(), "1.0.0");
  assert.equal(await runSwap(file, services), true);
  assert.equal(services.running(), "1.1.0");
  assert.deepEqual(names(), []);
  assert.equal(existsSync(job.broken), false);
  assert.equal(await runSwap(file, services), false, "there is nothing more to do");
});

test("a service that exits straight after starting gets its program before back, and the new one is kept to look at", async (t) => {
  const bad = service("1.1.0", true);
  const { services, file, job, reset, names } = await bench(t, bad);
  await reset();
  await assert.rejects(runSwap(file, services), { code: "install/crashed" });
  assert.equal(services.running(), "1.0.0");
  assert.deepEqual(names(), []);
  assert.ok(readFileSync(job.broken).equals(bad));
});

for (const [what, incoming, version] of [
  ["a good program", service("1.1.0"), "1.1.0"],
  ["one that does not run", service("1.1.0", true), "1.0.0"],
] as const) {
  test(`killed at any step of an exchange to ${what}, the next look ends it with the service up`, async (t) => {
    const missing = await whyNoStrace();
    if (missing !== undefined) return t.skip(missing);
    const { services, file, job, reset, names } = await bench(t, incoming);
    let kills = 0;
    // strace counts each call by itself.
    for (const call of ["rename", "unlink", "kill", "fsync", "openat"]) {
      const watched = call === "openat" ? ["-P", file] : [];
      for (let k = 1; k <= 20; k++) {
        await reset();
        const inject = [
          "-qq",
          "-o",
          "/dev/null",
          ...watched,
          "-e",
          `trace=${call}`,
          "-e",
          `inject=${call}:signal=SIGKILL:when=${k}`,
        ];
        const child = [process.execPath, join(import.meta.dirname, "run-job.ts"), file, job.program];
        const killed = await run("strace", [...inject, ...child], {
          env: { NODE_DISABLE_COMPILE_CACHE: "1" },
        });
        if (killed.code === 0 || killed.code === 1) break;
        kills++;
        await runSwap(file, services).catch((error) =>
          assert.equal(error.code, "install/crashed", `${call} ${k}: ${error}`),
        );
        assert.equal(services.running(), version, `${call} ${k}`);
        assert.deepEqual([readJob(file), names()], [undefined, []], `${call} ${k}`);
      }
    }
    assert.ok(kills >= 6, `only ${kills} kills`);
    t.diagnostic(`${kills} kills`);
  });
}
