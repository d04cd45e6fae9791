import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Command } from "commander";
import { parse } from "yaml";
import { applyConfigFile } from "../../controller/commands/config-option.ts";
import { addServeCommand } from "../../controller/commands/serve.ts";
import { readConfigFile, SECTIONS } from "../../controller/serve/config-file.ts";
import controllerSchema from "../../schemas/controller.schema.json" with { type: "json" };
import { fairlead } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { ServeProcess, temporaryFolder } from "./serve-process.ts";

function serveCommand(): Command {
  const program = new Command().exitOverride();
  addServeCommand(program);
  const [command] = program.commands;
  assert.ok(command !== undefined);
  return command.exitOverride();
}

/** What `serve` is told by these arguments and this file. */
async function told(
  t: TestContext,
  yaml: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
) {
  const folder = await temporaryFolder(t);
  const file = join(folder, "fairlead.yaml");
  await writeFile(file, yaml);
  for (const [name, value] of Object.entries(env)) process.env[name] = value;
  const command = serveCommand();
  command.action(() => {
    applyConfigFile(command, file);
  });
  try {
    await command.parseAsync([...args], { from: "user" });
  } finally {
    for (const name of Object.keys(env)) delete process.env[name];
  }
  return { options: command.opts(), folder };
}

/** Keys whose value is one that a flag can have. */
const FLAG_KEYS = Object.keys(controllerSchema.properties).filter(
  (key) => !SECTIONS.some((section) => section === key),
);

test("every flag of serve has a key in the file, and every key but those of lists a flag", () => {
  const flags = serveCommand()
    .options.map((option) => option.attributeName())
    // A file is of a fleet, and simulated machines are of a trial.
    .filter((name) => name !== "config" && name !== "demoFleet");
  assert.deepEqual(FLAG_KEYS.toSorted(), flags.sort());
});

test("the examples of the schema are taken by the flags, and each key is described", async (t) => {
  const examples = Object.entries(controllerSchema.properties).map(([key, { description, examples }]) => {
    assert.match(description, /\.$/);
    return `${key}: ${JSON.stringify(examples[0])}\n`;
  });
  const { options } = await told(t, examples.join(""));
  assert.deepEqual(
    FLAG_KEYS.filter((key) => options[key] === undefined),
    [],
  );
  assert.equal(options.fetchTimeout, 120);
  assert.deepEqual(options.listen, { kind: "unix", path: "/run/fairlead/agents.sock" });
});

test("flags go before the environment, the environment before the file, and the file before what is built in", async (t) => {
  const yaml =
    "port: 1001\nhost: 127.0.0.9\ninterval: 5m\nlisten: 127.0.0.1:4\npublicUrl: [https://a.example]\n";
  const plain = (await told(t, yaml)).options;
  assert.deepEqual(
    [plain.port, plain.host, plain.interval, plain.maxConnections > 0],
    [1001, "127.0.0.9", 300, true],
  );
  assert.equal((await told(t, yaml, [], { PORT: "1002" })).options.port, 1002);
  const flagged = (
    await told(t, yaml, ["--port", "1003", "--public-url", "https://b.example"], { PORT: "1002" })
  ).options;
  assert.deepEqual([flagged.port, flagged.publicUrl], [1003, ["https://b.example"]]);
  assert.equal(flagged.listen, undefined, "a flag for the port is not overruled by `listen` of the file");
});

test("files and folders count from where the file is, addresses and names stay as they are", async (t) => {
  const { options, folder } = await told(
    t,
    "repo: ../state\nstateDir: state\ngitCa: ca.pem\nartifacts: files\npath: releases\ngnupgHome: /etc/gnupg\ndevKeys: false\n",
  );
  assert.equal(options.repo, join(folder, "../state"));
  assert.equal(options.stateDir, join(folder, "state"));
  assert.equal(options.gitCa, join(folder, "ca.pem"));
  assert.equal(options.artifacts, join(folder, "files"));
  assert.deepEqual([options.path, options.gnupgHome, options.devKeys], ["releases", "/etc/gnupg", undefined]);
  const remote = await told(t, "repo: git@git.acme.example:fleet/state.git\nartifacts: git-lfs\n");
  assert.deepEqual(
    [remote.options.repo, remote.options.artifacts],
    ["git@git.acme.example:fleet/state.git", "git-lfs"],
  );
});

test("mistakes are shown where they stand, all at once, with the nearest key", async (t) => {
  const folder = await temporaryFolder(t);
  const file = join(folder, "fairlead.yaml");
  await writeFile(file, "stateDri: /var/lib/fairlead\nport: 70000\nlogLevel: infoo\ninterval: 60\n");
  const { code, stderr } = await fairlead(["serve", "--config", file]);
  assert.equal(code, 1);
  assert.match(stderr, /error\[schema\/unknown-key\]: unknown key `stateDri`\n *--> \S+fairlead\.yaml:1:1/);
  assert.match(stderr, /= help: did you mean `stateDir`\?/);
  assert.match(stderr, /fairlead\.yaml:2:7/);
  assert.match(stderr, /fairlead\.yaml:3:11[\s\S]*did you mean `info`\?/);
  assert.match(stderr, /value\/bad-duration[\s\S]*fairlead\.yaml:4:11/);
  assert.match(stderr, /error\[serve\/bad-config\]: .* has 4 mistakes\n/);

  const refused: readonly [string, RegExp][] = [
    ["interval: 2d\n", /config\/bad-value\]: expected a length of time.*\n.*fairlead\.yaml:1:11/],
    ["listen: nowhere\n", /config\/bad-value\]: expected an address/],
    ["repo: https://ada:hunter2@git.acme.example/x.git\n", /config\/holds-secret[\s\S]*gitCredentials/],
    ["config: other.yaml\n", /unknown key `config`/],
    ["port: [1]\n", /expected a whole number, got a list/],
    ["a: &a 1\n", /anchor/],
    ["", /the file is empty/],
  ];
  for (const [yaml, message] of refused) {
    await writeFile(file, yaml);
    const result = await fairlead(["serve", "--config", file]);
    assert.equal(result.code, 1, yaml);
    assert.match(result.stderr, message);
    assert.ok(!result.stderr.includes("hunter2"));
  }
  const absent = await fairlead(["serve", "--config", join(folder, "none.yaml")]);
  assert.match(absent.stderr, /error\[serve\/bad-file\]: .*none\.yaml.* cannot be read/);
});

test("a controller starts from a file alone", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern 1.0.0");
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, "etc"));
  const file = join(folder, "etc", "fairlead.yaml");
  await writeFile(file, `repo: ${state.directory}\nstateDir: ../state\ndevKeys: true\n`);
  const serve = new ServeProcess(t, ["--config", file]);
  const url = await serve.listening();
  assert.equal((await fetch(`${url}/readyz`)).status, 200, serve.output);
  await readFile(join(folder, "state", "naming-secret"));
});

test("a file without mistakes reads the same by another parser of YAML", async (t) => {
  const file = join(await temporaryFolder(t), "fairlead.yaml");
  const yaml = "port: 8080\ntrustProxy: [10.0.0.0/8, 'fd00::/8']\naccessLog: 1%\n";
  await writeFile(file, yaml);
  const read = readConfigFile(file, () => undefined);
  assert.ok(read.ok);
  assert.deepEqual(Object.fromEntries(read.values), parse(yaml));
});
