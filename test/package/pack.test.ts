import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const top = join(import.meta.dirname, "..", "..");
/** npm runs its scripts with the node that it finds first: the pinned one. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };

test("the packed package works when it is installed into an empty folder", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-pack-"));
  t.after(() => rm(folder, { recursive: true, force: true }));

  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: top, env });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf("["))) as [
    { filename: string; files: { path: string }[] },
  ];
  const paths = packed.files.map(({ path }) => path);
  assert.ok(
    !paths.some((path) => path.endsWith(".ts") && !path.endsWith(".d.ts")),
    "ships no TypeScript source",
  );
  assert.ok(!paths.some((path) => path.startsWith("test/") || path.startsWith("releases/")));

  await writeFile(join(folder, "package.json"), '{"private":true,"type":"module"}');
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", `./${packed.filename}`], {
    cwd: folder,
    env,
  });

  const version = await run(join(folder, "node_modules", ".bin", "fairlead"), ["--version"], { env });
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  const agent = await run(join(folder, "node_modules", ".bin", "fairlead-agent"), ["--version"], { env });
  assert.equal(agent.stdout, version.stdout);

  const program = `
    import { decide } from "fairlead/protocol";
    import * as agent from "fairlead/agent";
    console.log(typeof decide, Object.keys(agent).length > 0);
  `;
  await writeFile(join(folder, "use.mjs"), program);
  const used = await run(process.execPath, ["use.mjs"], { cwd: folder });
  assert.equal(used.stdout, "function true\n");

  await run(join(folder, "node_modules", ".bin", "fairlead"), ["init", join(folder, "state")], { env });
  const validated = await run(join(folder, "node_modules", ".bin", "fairlead"), ["validate"], {
    cwd: join(folder, "state"),
    env,
  });
  assert.match(validated.stdout, /no mistakes/);
});
