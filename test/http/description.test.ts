import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FleetServer } from "../fleet-api/fleet-server.ts";
import { run, TOP } from "../support/run-command.ts";
import { sampleManifest } from "./sample-manifest.ts";

const unasked = () => Promise.reject(new Error("nobody is asked here"));
const preview = {
  service: {
    ...{ history: unasked, commit: unasked, branches: unasked, plan: unasked },
    ...{ prepare: unasked, write: unasked, rootOf: unasked, lines: unasked },
  },
  ref: "main",
  forge: undefined,
  pageChanges: "branch",
} as const;

const webhook = { secret: "a secret of sixteen or more", trigger: () => {} };

test("the API description of each listener has neither an error nor a warning for Redocly", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-openapi-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const redocly = join(TOP, "node_modules", "@redocly", "cli", "bin", "cli.js");
  for (const agents of [true, false]) {
    const audience = { agents, operators: "open" } as const;
    const { server } = await FleetServer.start(t, sampleManifest(), { webhook, audience, preview });
    const file = join(folder, `${agents ? "agents" : "operators"}.json`);
    await writeFile(file, (await server.ask("/openapi.json")).body);
    const { code, stdout, stderr } = await run(process.execPath, [redocly, "lint", "--format=json", file], {
      cwd: folder,
      // It asks nobody for a newer version, and tells nobody that it ran.
      env: { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" },
    });
    assert.equal(code, 0, stdout + stderr);
    const { totals } = JSON.parse(stdout) as { totals: { errors: number; warnings: number } };
    assert.deepEqual([totals.errors, totals.warnings], [0, 0], stdout);
  }
});
