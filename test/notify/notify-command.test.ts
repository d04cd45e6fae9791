import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { EVENT_NAMES, EVENTS } from "../../controller/notify/fact.ts";
import { temporaryFolder } from "../serve/serve-process.ts";
import { fairlead } from "../support/run-command.ts";
import { ReceiverServer } from "./receiver-server.ts";

test("notify test sends one of each to the receivers of a configuration, and says what came of it", async (t) => {
  const receiver = await ReceiverServer.start(t);
  receiver.answer = ({ path }, response) => response.writeHead(path === "/broken" ? 500 : 200).end();
  const folder = await temporaryFolder(t);
  const config = join(folder, "fairlead.yaml");
  await writeFile(join(folder, "slack-url"), `${receiver.url}/services/T0/B0/s3cr3t-path\n`);
  await writeFile(join(folder, "broken-url"), `${receiver.url}/broken\n`);
  await writeFile(
    config,
    `publicUrl: [https://releases.acme.example]
notify:
  - {name: all, webhook: {url: "${receiver.url}/all", privateAddress: allow}}
  - {name: chat, events: [halted, refused], slack: {urlFile: slack-url, privateAddress: allow}}
  - {name: broken, events: [silent], slack: {urlFile: broken-url, privateAddress: allow}}
`,
  );
  const whole = await fairlead(["notify", "test", "--config", config]);
  assert.equal(whole.code, 1, whole.stderr);
  assert.match(whole.stdout, /^chat +halted +delivered$/m);
  assert.match(whole.stdout, /^broken +silent +not delivered: it answers 500/m);
  assert.ok(!(whole.stdout + whole.stderr).includes("s3cr3t-path"));
  const types = receiver.got.filter(({ path }) => path === "/all").map(({ body }) => JSON.parse(body).type);
  assert.deepEqual(
    types,
    EVENT_NAMES.map((name) => EVENTS[name].type),
  );
  for (const { body } of receiver.got) assert.match(body, /A trial: /);

  const one = await fairlead(["notify", "test", "--config", config, "--to", "chat"]);
  assert.deepEqual([one.code, one.stdout.split("\n").length], [0, 4], one.stdout);
  const none = await fairlead(["notify", "test", "--config", config, "--to", "nobody"]);
  assert.match(none.stderr, /there is no receiver `nobody`\n *= help: there are all, chat, broken/);
});

test("a mistake about a receiver is said before anything starts, and never with the secret", async (t) => {
  const folder = await temporaryFolder(t);
  const config = join(folder, "fairlead.yaml");
  await writeFile(join(folder, "bad-url"), "ftp://hooks.example/s3cr3t-path\n");
  await writeFile(join(folder, "short"), "short\n");
  const refused: readonly [string, RegExp][] = [
    ["notify: [{name: a}]", /the receiver `a` is told by no way/],
    [
      "notify: [{name: a, slack: {urlFile: bad-url}}]",
      /the address of the receiver `a` is none of http or https/,
    ],
    ["notify: [{name: a, slack: {urlFile: none}}]", /serve\/no-outgoing-secret\]: .*none.* cannot be read/],
    [
      "notify: [{name: a, webhook: {url: 'https://u:s3cr3t@h/'}}]",
      /without a password, got `https:\/\/\*\*\*@h\/`/,
    ],
    ["notify: [{name: a, webhook: {url: 'https://h/', hmacSecretFile: short}}]", /fewer than 16 characters/],
    [
      "notify: [{name: a, email: {host: h, security: none, userFile: short, passwordFile: short, from: a@b, to: [a@b]}}]",
      /would send a password without TLS/,
    ],
    ["notify: [{name: a, events: [hallted], slack: {urlFile: x}}]", /did you mean `halted`/],
    ["notify: [{name: A, slack: {urlFile: x}}]", /fairlead\.yaml:1:17/],
    ["commitStatus: {forge: gitea, repository: a/b, tokenFile: short}", /needs the address of the API/],
  ];
  for (const [yaml, message] of refused) {
    await writeFile(config, `${yaml}\n`);
    const { code, stderr } = await fairlead(["notify", "test", "--config", config]);
    assert.equal(code, 1, yaml);
    assert.match(stderr, message);
    assert.ok(!stderr.includes("s3cr3t"), stderr);
  }
});
