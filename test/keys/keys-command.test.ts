import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { sha256Hex } from "../../protocol/digest.ts";
import { temporaryFolder } from "../publish/sample-publisher.ts";
import { type CommandResult, fairlead, runOk } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { HAS_TERMINAL, Terminal } from "../support/terminal.ts";
import { SampleFleet } from "./sample-fleet.ts";
import { makeDevice } from "./signing-device.ts";

const PASSPHRASE = "correct horse battery staple";

/** A state, and a command line in it. */
async function setUp(t: TestContext) {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("begin");
  const inState = (...args: string[]): Promise<CommandResult> => fairlead(args, { cwd: state.directory });
  return {
    state,
    root: state.directory,
    inState,
    keys: async (...args: string[]) => ok(await inState("keys", ...args)),
  };
}

function ok(result: CommandResult): string {
  assert.equal(result.code, 0, result.stdout + result.stderr);
  return result.stdout;
}

/** Everything below a folder but `.git`, with what is in it. */
function contents(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("/.git/"));
  return new Map(paths.sort().map((path) => [path, readFileSync(path, "latin1")]));
}

test("three holders on machines of their own make the first keys and rotate one: two of them are enough", async (t) => {
  const { root, keys, inState } = await setUp(t);
  const machines = temporaryFolder(t);
  const on = (name: string, ...args: string[]): Promise<CommandResult> =>
    fairlead(["keys", ...args], { cwd: join(machines, name), input: `${PASSPHRASE}\n` });
  const halves: string[] = [];
  for (const name of ["ada", "grace", "linus"]) {
    mkdirSync(join(machines, name));
    for (const role of ["root", "targets"]) {
      const made = ok(
        await on(name, "new", role, "--name", name, "--encrypt", "--passphrase-fd", "0", "--json"),
      );
      halves.push(JSON.parse(made).public);
    }
  }
  /** Each of them gets a copy of the request, signs it, and sends it back. */
  const signAs = async (...names: string[]): Promise<string[]> => {
    for (const name of names) {
      cpSync(join(root, "signing-request.json"), join(machines, name, "request.json"));
      const signed = ok(await on(name, "sign", "request.json", "--yes", "--passphrase-fd", "0"));
      assert.match(signed, new RegExp(`as ${name} \\([0-9a-f]{16}\\)`));
    }
    return names.map((name) => join(machines, name, "request.json"));
  };

  await keys("request", "init", "--public", ...halves, "--root-threshold", "2");
  assert.equal(existsSync(join(root, "trust")), false, "nothing is in force yet");
  await keys("sign", "signing-request.json", "--yes"); // the release key, which was made here
  const own = join(root, "signing-request.json");
  const few = await inState("keys", "collect", own, ...(await signAs("ada")));
  assert.equal(few.code, 1);
  assert.match(
    few.stderr,
    /^error\[keys\/not-enough\].*root\.json lacks 1 of 2.*any of .*grace \(.*linus \(/m,
  );
  assert.equal(existsSync(join(root, "trust")), false);
  ok(await inState("keys", "collect", own, ...(await signAs("ada", "grace"))));
  ok(await inState("validate"));
  assert.match(ok(await inState("keys", "show")), /root: 2 of 3 must sign\n(.*(ada|grace|linus)\n){3}/);
  await runOk("git", ["add", "-A"], { cwd: root });

  const made = JSON.parse(ok(await on("linus", "new", "root", "--name", "linus-2", "--json")));
  const shown = JSON.parse(ok(await inState("keys", "show", "--json")));
  const { keys: holders } = shown.holders.find(({ role }: { role: string }) => role === "root");
  const old = holders.find(({ holder }: { holder: string }) => holder === "linus").keyid;
  await keys("request", "rotate", "root", "--key", old, "--public", made.public, "--out", "rotate.json");
  cpSync(join(root, "rotate.json"), own);
  const [ada = "", grace = ""] = await signAs("ada", "grace");
  ok(await inState("keys", "collect", ada, grace));
  ok(await inState("validate"));
  assert.match(ok(await inState("keys", "show")), /linus-2/);
});

test("a person at a terminal sees what changes and is asked; no is no, and a passphrase is not shown", {
  skip: HAS_TERMINAL ? false : "`script` of util-linux opens no terminal here",
}, async (t) => {
  const { root, keys } = await setUp(t);
  await keys("init");
  const first = new Terminal(t, ["keys", "passphrase", "keys/root-1.json"], root);
  await first.answer(/new passphrase: $/, `${PASSPHRASE}\r`);
  await first.answer(/once more: $/, `${PASSPHRASE}x\u007f\r`);
  assert.equal(await first.end(), 0, first.screen);
  assert.equal(first.screen.includes("correct"), false, first.screen);

  await keys("request", "renew");
  const request = join(root, "signing-request.json");
  const before = readFileSync(request, "utf8");
  const refusing = new Terminal(t, ["keys", "sign", request], root);
  await refusing.answer(/sign this\? \[y\/N\] $/, "\r");
  assert.equal(await refusing.end(), 1);
  assert.match(refusing.screen, /root 2 follows root 1; good until/);
  assert.match(refusing.screen, /keys\/not-confirmed/);
  assert.equal(readFileSync(request, "utf8"), before);

  const stopping = new Terminal(t, ["keys", "sign", request], root);
  await stopping.answer(/sign this\? \[y\/N\] $/, "y\r");
  await stopping.answer(/passphrase of .*root-1\.json: $/, "\u0003");
  assert.equal(await stopping.end(), 130, stopping.screen);
  assert.equal(readFileSync(request, "utf8"), before, "Ctrl-C leaves it as it was");

  const signing = new Terminal(t, ["keys", "sign", request], root);
  await signing.answer(/sign this\? \[y\/N\] $/, "y\r");
  await signing.answer(/passphrase of .*root-1\.json: $/, "wrong passphrase\r");
  await signing.answer(/does not open it\. passphrase of .*: $/, `${PASSPHRASE}\r`);
  assert.equal(await signing.end(), 0, signing.screen);
  assert.equal(signing.screen.includes("correct"), false, signing.screen);
  await keys("collect", request);
});

test("without a terminal nothing is signed that nobody has confirmed, and no passphrase is waited for", async (t) => {
  const { inState, keys, root } = await setUp(t);
  await keys("init");
  await keys("request", "renew");
  const asked = await inState("keys", "sign", "signing-request.json");
  assert.equal(asked.code, 1);
  assert.match(asked.stderr, /keys\/not-confirmed[\s\S]*--yes/);
  const encrypted = await fairlead(["keys", "passphrase", "--new-passphrase-fd", "0", "keys/root-1.json"], {
    cwd: root,
    input: PASSPHRASE,
  });
  ok(encrypted);
  const closed = await inState("keys", "renew");
  assert.equal(closed.code, 1);
  assert.match(closed.stderr, /keys\/passphrase-needed[\s\S]*--passphrase-fd/);
  ok(await fairlead(["keys", "renew", "--passphrase-fd", "0"], { cwd: root, input: `${PASSPHRASE}\n` }));
  ok(
    await fairlead(["keys", "passphrase", "--remove", "--passphrase-fd", "0", "keys/root-1.json"], {
      cwd: root,
      input: PASSPHRASE,
    }),
  );
  await keys("renew");
});

test("a program signs beside the files, and its key can be of a machine that Fairlead never sees", async (t) => {
  const { root, keys, inState } = await setUp(t);
  const device = makeDevice(t);
  const folder = temporaryFolder(t);
  const half = device.key.key.keyval.public;
  await keys("new", "root", "--name", "hsm", "--public-key", half, "--dir", folder);
  assert.deepEqual(readdirSync(folder), ["root-hsm.public.json"], "there is no private half");
  await keys("init");
  const shared = ["--public", join(folder, "root-hsm.public.json"), "--threshold", "2"];
  await keys("add-holder", "root", ...shared, "--signer", device.command);
  const without = await inState("keys", "renew", "root");
  assert.match(without.stderr, /keys\/not-enough.*hsm \(/);
  await keys("renew", "root", "--signer", device.command);
  ok(await inState("validate"));
  assert.equal(existsSync(join(root, "trust/root/3.root.json")), true);
});

test("whatever stands in the way, all files of a ceremony are written or none", async (t) => {
  const { root, keys, inState, state } = await setUp(t);
  await keys("init");
  await state.commit("keys");
  mkdirSync(join(root, "trust/root/2.root.json"));
  const before = contents(root);
  for (const args of [
    ["rotate", "online"],
    ["request", "rotate", "online", "--out", "trust/root/2.root.json"],
    ["request", "rotate", "online", "--out", "trust/root/2.root.json", "--dir", "new-folder"],
  ]) {
    const refused = await inState("keys", ...args);
    assert.equal(refused.code, 1, args.join(" "));
    assert.match(refused.stderr, /^error\[keys\/write-failed\].*\n {2}= help: nothing was changed/m);
    assert.deepEqual(contents(root), before, args.join(" "));
  }
  const targets = join(root, "trust/targets.json");
  writeFileSync(targets, readFileSync(targets, "utf8").replace('"version"', '"Version"'));
  const broken = await inState("keys", "rotate", "online");
  assert.match(broken.stderr, /keys\/trust-invalid\]: trust\/targets\.json/);
});

test("status says what to do and what a machine needs, show says who; both fail when time runs out", async (t) => {
  const days = 86_400;
  const fleet = await SampleFleet.create(t, 1, 1, Math.floor(Date.now() / 1000) - 350 * days);
  const inState = (...args: string[]): Promise<CommandResult> =>
    fairlead(["keys", ...args], { cwd: fleet.root });
  const late = await inState("status");
  assert.equal(late.code, 1);
  assert.match(
    late.stdout,
    /^soon {5}trust\/root\/1\.root\.json: .*\n {2}= help: fairlead keys renew root$/m,
  );
  assert.match(
    late.stdout,
    /^expired {2}trust\/releases\/lantern\.json: .*\n {2}= help: fairlead release sign lantern$/m,
  );
  const shown = await inState("show");
  assert.equal(shown.code, 1);
  assert.match(shown.stdout, /its holders sign it again: `fairlead keys renew root`/);
  ok(await inState("renew"));
  ok(await fairlead(["release", "sign"], { cwd: fleet.root }));
  const well = ok(await inState("status"));
  const sha256 = sha256Hex(readFileSync(join(fleet.root, "trust/root/1.root.json")));
  assert.match(
    well,
    new RegExp(`^  fairlead-agent enroll .*--product lantern .*--root-sha256 ${sha256}$`, "m"),
  );
  const data = JSON.parse(ok(await inState("status", "--json")));
  assert.deepEqual(
    data.signed.map(({ state }: { state: string }) => state),
    ["good", "good", "good"],
  );
  assert.equal(data.roots.first.sha256, sha256);

  ok(await inState("rotate", "root"));
  const rotated = ok(await inState("status"));
  assert.match(rotated, /--root trust\/root\/3\.root\.json$/m, "a retired root key may be in other hands");
});

test("wrong use is 2, a refusal 1, and both say what to do", async (t) => {
  const { inState } = await setUp(t);
  for (const args of [
    ["rotate"],
    ["renew", "online"],
    ["new", "Root"],
    ["init", "--holder", "Ada Lovelace"],
  ]) {
    assert.equal((await inState("keys", ...args)).code, 2, args.join(" "));
  }
  for (const args of [["renew"], ["rotate", "online"], ["request", "renew"]]) {
    const refused = await inState("keys", ...args);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /keys\/no-trust[\s\S]*fairlead keys init/, args.join(" "));
  }
  const status = await inState("keys", "status");
  assert.equal(status.code, 1);
  assert.match(status.stdout, /fairlead keys init/);
  const missing = await inState("keys", "sign", "nothing.json");
  assert.match(missing.stderr, /keys\/bad-request.*ENOENT/);
});

test("help tells the story in order and every command of it has an example", async () => {
  const story = ok(await fairlead(["keys", "--help"]));
  const order = [
    "keys init",
    "keys status",
    "keys renew",
    "keys add-product",
    "keys rotate",
    "keys revoke",
    "keys request",
    "keys collect",
  ];
  const places = order.map((words) => story.indexOf(`fairlead ${words}`));
  assert.deepEqual(
    places.toSorted((a, b) => a - b),
    places,
  );
  assert.ok(places.every((place) => place > 0));
  const commands = [...story.matchAll(/^ {2}((?!help)[a-z-]+) (?:\[options\]|<|\[)/gm)].map(
    ([, name = ""]) => name,
  );
  assert.ok(commands.length >= 12, commands.join(" "));
  for (const name of commands) {
    const help = ok(await fairlead(["keys", name, "--help"]));
    assert.match(help, new RegExp(`Examples?:\n(  .*\n)*  fairlead keys ${name}`), name);
  }
});
