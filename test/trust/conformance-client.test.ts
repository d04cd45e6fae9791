import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { formatExpires } from "../../protocol/tuf/expiry-time.ts";
import { MadeRepository, makeDirectory, RELEASES } from "./made-repository.ts";

const CLIENT = fileURLToPath(new URL("../conformance/client", import.meta.url));

/** A repository that is in date by the machine's clock, which a process of its own goes by. */
function makeCurrentRepository(): MadeRepository {
  const repository = new MadeRepository();
  repository.addTarget(RELEASES, "releases/lantern/1.0.0/linux-x64/lantern", "the artifact");
  const expires = formatExpires(Math.floor(Date.now() / 1000) + 86_400);
  const root = { ...repository.rootDocument(), expires };
  repository.files.set("metadata/1.root.json", repository.sign("root", root, repository.signers.root));
  repository.publish((_, signed) => ({ ...signed, expires }));
  return repository;
}

async function run(...args: string[]): Promise<number | null> {
  const child = spawn(CLIENT, args, { stdio: "ignore" });
  const [code] = await once(child, "exit");
  return code;
}

test("init, refresh and download keep to what the conformance suite expects", async (t) => {
  const made = makeCurrentRepository();
  const base = await made.serve(t);
  const directory = makeDirectory(t);
  const targets = makeDirectory(t);
  const root = join(makeDirectory(t), "trusted.json");
  writeFileSync(root, made.root());
  const metadata = ["--metadata-dir", directory];
  const server = ["--metadata-url", `${base}metadata`, ...metadata];

  assert.equal(await run(...metadata, "init", root), 0);
  assert.equal(made.requests.length, 0);
  assert.deepEqual(readFileSync(join(directory, "root.json")), made.root());

  assert.equal(await run(...server, "refresh"), 0);
  for (const role of ["timestamp", "snapshot", "targets"]) {
    const served = role === "timestamp" ? "metadata/timestamp.json" : `metadata/1.${role}.json`;
    assert.deepEqual(readFileSync(join(directory, `${role}.json`)), made.file(served));
  }

  const name = "releases/lantern/1.0.0/linux-x64/lantern";
  const place = ["--target-dir", targets, "--target-base-url", `${base}targets`];
  assert.equal(await run(...server, "--target-name", name, ...place, "download"), 0);
  const [file] = readdirSync(targets);
  assert.equal(readFileSync(join(targets, file ?? ""), "utf8"), "the artifact");

  const before = made.requests.length;
  const unknown = ["--target-name", "unknown", "--target-name", name];
  assert.equal(await run(...server, ...unknown, ...place, "download"), 1);
  assert.equal(await run(...server, "--target-name", name, ...place, "download"), 0);
  const later = made.requests.slice(before);
  assert.deepEqual(
    later.filter((path) => path.startsWith("targets/")),
    [],
  );
  assert.equal(await run(...metadata, "dance"), 1);
});
