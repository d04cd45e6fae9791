/** `UPDATE_GOLDEN=1` writes what the page shows anew. */
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fairlead, runOk, TOP } from "../support/run-command.ts";

const PAGE = join(TOP, "docs", "simulation.md");

test("docs/simulation.md shows what its commands print", async (t) => {
  // A clone of its own: what a channel pointed to before comes from history.
  const clone = await mkdtemp(join(tmpdir(), "fairlead-simulation-"));
  t.after(() => rm(clone, { recursive: true, force: true }));
  await cp(join(TOP, "releases"), join(clone, "releases"), { recursive: true });
  await mkdir(join(clone, "docs", "simulation"), { recursive: true });
  await runOk("git", ["init", "-q"], { cwd: clone });
  await runOk("git", ["add", "-A"], { cwd: clone });
  await runOk("git", ["commit", "-qm", "begin"], { cwd: clone });

  const page = await readFile(PAGE, "utf8");
  const [inTerminal = "", asPicture = ""] = [...page.matchAll(/^fairlead (simulate .*)$/gm)].map(
    ([, line]) => line,
  );
  const shown = await fairlead(inTerminal.split(" "), { cwd: clone });
  assert.equal(shown.code, 0, shown.stderr);
  const block = /(?<=^```\n)(?=lantern |```$).*?(?=^```$)/ms;
  const drawn = await fairlead(asPicture.split(" "), { cwd: clone });
  assert.equal(drawn.code, 0, drawn.stderr);
  const file = asPicture.split(" ").at(-1) ?? "";
  const svg = await readFile(join(clone, file), "utf8");
  if (process.env.UPDATE_GOLDEN === "1") {
    await writeFile(
      PAGE,
      page.replace(block, () => shown.stdout),
    );
    await writeFile(join(TOP, file), svg);
  }
  assert.equal(block.exec(await readFile(PAGE, "utf8"))?.[0], shown.stdout);
  assert.equal(await readFile(join(TOP, file), "utf8"), svg);
});
