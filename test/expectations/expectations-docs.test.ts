import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fairlead, TOP } from "../support/run-command.ts";

test("docs/expectations.md can be followed in a new repository, line by line", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-expectations-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const made = await fairlead(["init", "fleet"], { cwd: folder });
  assert.equal(made.code, 0, made.stderr);
  const fleet = join(folder, "fleet");

  const page = await readFile(join(TOP, "docs", "expectations.md"), "utf8");
  const blocks = [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, kind, text = ""]) => ({
    kind,
    text,
  }));
  const [written, look, listed, finding, recording] = blocks;
  assert.deepEqual(
    blocks.map(({ kind }) => kind),
    ["yaml", "sh", "", "", "sh"],
  );
  const file = join(fleet, "expectations", "promises.yaml");
  await writeFile(file, written?.text ?? "");
  assert.equal((await fairlead(["validate"], { cwd: fleet })).code, 0);
  const holding = await fairlead(look?.text.trim().split(" ").slice(1) ?? [], { cwd: fleet });
  assert.equal(holding.stdout, listed?.text);

  const channel = join(fleet, "products", "hello", "channels", "stable.yaml");
  const [, waves = ""] = /`(waves: \[.*?\])`/s.exec(page) ?? [];
  const before = await readFile(channel, "utf8");
  await writeFile(channel, `version: 1.0.0\nrollout: {${waves.replaceAll(/\s+/g, " ")}}\n`);
  const broken = await fairlead(["expect"], { cwd: fleet });
  assert.equal(broken.code, 1);
  const found = broken.stdout.replaceAll(/ from \S+Z on$/gm, "");
  assert.ok(found.includes(finding?.text.trimEnd() ?? "-"), broken.stdout);
  assert.match(
    found,
    /::: products\/hello\/channels\/stable\.yaml:2:\d+\n.*by these waves they go together/s,
  );
  await writeFile(channel, before);

  const recorded = await fairlead(recording?.text.trim().split(" ").slice(1) ?? [], { cwd: fleet });
  assert.equal(recorded.code, 0, recorded.stderr);
  const all = await fairlead(["expect"], { cwd: fleet });
  assert.equal(all.code, 0, all.stdout);
  assert.match(all.stdout, /expectations\/before\.yaml:\d+ {2}`hello at site example\/pilot is as on /);
});
