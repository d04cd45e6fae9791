import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { TOP } from "../support/run-command.ts";

const PROGRAM = join(TOP, "examples", "python", "check_vectors.py");
const VECTORS = join(TOP, "protocol", "vectors");

/** Python 3.9 with a time zone database, without which it cannot do what the page asks. */
function missing(): string | false {
  const needed =
    "import sys, zoneinfo; zoneinfo.ZoneInfo('Europe/Berlin'); sys.exit(sys.version_info < (3, 9))";
  const { status } = spawnSync("python3", ["-c", needed]);
  return status === 0 ? false : "there is no python3 of at least 3.9 with tzdata";
}

function checkVectors(
  folder: string,
): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: number; out: string; err: string }>();
  // Without -B it would leave folders of compiled code in the checkout.
  execFile("python3", ["-B", PROGRAM, folder], (error, out, err) => {
    resolve({ code: error === null ? 0 : Number(error.code), out, err });
  });
  return promise;
}

test("the implementation in Python, written from docs/protocol.md, agrees with every vector", {
  skip: missing(),
}, async () => {
  const { code, out, err } = await checkVectors(VECTORS);
  assert.equal(err, "");
  assert.equal(code, 0);
  const counts = out
    .trim()
    .split("\n")
    .map((line) => /: (\d+) of (\d+)$/.exec(line)?.slice(1).map(Number) ?? []);
  assert.ok(counts.length >= 12, out);
  for (const [right = 0, all = -1] of counts) assert.equal(right, all);
});

test("a vector that it contradicts is named, and is an error", { skip: missing() }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-vectors-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const text = await readFile(join(VECTORS, "decisions-by-rule.json"), "utf8");
  await writeFile(
    join(folder, "decisions-by-rule.json"),
    text.replace('"until":1795132801', '"until":1795132799'),
  );
  const { code, err } = await checkVectors(folder);
  assert.equal(code, 1);
  assert.match(err, /^decisions-by-rule, a pause holds until the second before `until`:\n/);
});
