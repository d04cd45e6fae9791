import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { commandOf } from "../../controller/propose/change-request.ts";
import { parseSourceLocation } from "../../controller/source/source-location.ts";
import { FleetController } from "../fleet/fleet-controller.ts";
import { Branches } from "../propose/git-repositories.ts";
import { temporaryFolder } from "../serve/serve-process.ts";
import { ask, machines, person, threeVersions } from "./asking.ts";

const PROMOTE = { kind: "promote", product: "lantern", channel: "stable", version: "1.1.0" } as const;
const FILE = "products/lantern/channels/stable.yaml";

test("a change is looked at first, with its diff, its machines and its command, and nothing is written", async (t) => {
  const controller = await FleetController.start(t, { pageChanges: "direct" }, threeVersions);
  await machines(controller, 2);
  const git = new Branches(controller.state.directory);
  const head = await git.git("rev-parse", "main");
  const { status, body: answer } = await ask(controller, "/api/v1/proposals", {
    body: { ...PROMOTE, dryRun: true },
  });
  assert.equal(status, 200, JSON.stringify(answer));
  const { prepared: body } = answer;
  assert.deepEqual(
    [body.base, body.followed, body.subject],
    [head, "main", "promote lantern 1.1.0 to stable"],
  );
  assert.match(body.diffs[0].diff, /^-version: 1\.0\.0\n\+version: 1\.1\.0$/m);
  assert.deepEqual([body.isValid, body.moves, body.plan.blast.devices], [true, 2, 2]);
  assert.equal(body.command, "fairlead promote 1.1.0 --to stable --product lantern");
  assert.equal(await git.git("rev-parse", "main"), head);
  assert.deepEqual(await git.names(), ["main"]);
});

test("with direct, an admin's change is the next commit, in the admin's name, in the audit log, and served", async (t) => {
  const controller = await FleetController.start(t, { pageChanges: "direct" }, threeVersions);
  const git = new Branches(controller.state.directory);
  const admin = await person(controller, "ada@acme.example", "admin");
  const operator = await person(controller, "ben", "operator");
  const first = await ask(controller, "/api/v1/proposals", { body: { ...PROMOTE, dryRun: true } });
  const { base } = first.body.prepared;
  const looked = await ask(controller, "/api/v1/proposals", {
    token: operator,
    body: { ...PROMOTE, dryRun: true },
  });
  assert.match(looked.body.prepared.lack, /needs the role admin/);
  const refused = await ask(controller, "/api/v1/proposals", { token: operator, body: { ...PROMOTE, base } });
  assert.deepEqual([refused.status, refused.body.code], [403, "http/role-required"]);

  const { status, body: answer } = await ask(controller, "/api/v1/proposals", {
    token: admin,
    body: { ...PROMOTE, base },
  });
  assert.equal(status, 201, JSON.stringify(answer));
  const { written: body } = answer;
  assert.deepEqual([body.branch, body.request], ["main", undefined]);
  assert.equal(await git.git("rev-parse", "main"), body.commit);
  assert.equal(
    await git.git("log", "-1", "--format=%an <%ae> / %cn / %s"),
    "ada@acme.example <ada@acme.example> / Fairlead / promote lantern 1.1.0 to stable",
  );
  assert.equal(await readFile(join(controller.state.directory, FILE), "utf8"), "version: 1.1.0\n");
  assert.equal(await git.git("status", "--porcelain"), "");
  await controller.serves(body.commit);
  const { entries } = (await ask(controller, "/api/v1/audit")).body;
  const [entry] = entries;
  assert.deepEqual(
    [entry.action, entry.actor.name, entry.subject],
    ["state.commit", "ada@acme.example", `commit ${body.commit}`],
  );
  assert.equal(entry.before.commit, base);

  // What was looked at is no longer what the branch holds.
  const late = { kind: "pause", fleet: true, reason: "late", base };
  const moved = await ask(controller, "/api/v1/proposals", { token: admin, body: late });
  assert.deepEqual([moved.status, moved.body.code], [409, "http/base-moved"]);
  assert.equal(await git.git("rev-parse", "main"), body.commit);
});

test("with branch, an operator's change is a branch of a remote, with the page to open a request at, and only once", async (t) => {
  const folder = join(await temporaryFolder(t), "state.git");
  const remote = new Branches(folder);
  const stateFolder = await temporaryFolder(t);
  const controller = await FleetController.start(
    t,
    {
      ...{ pageChanges: "branch", stateFolder },
      forge: { forge: "github", page: "https://github.com/acme/fleet" },
      source: {
        location: parseSourceLocation(`file://${folder}`),
        ref: "main",
        path: undefined,
        mirrorsFolder: join(stateFolder, "mirrors"),
        intervalMs: 100,
        worktree: undefined,
      },
    },
    async (local) => {
      await threeVersions(local);
      await local.commit("lantern");
      await mkdir(folder);
      await remote.git("init", "-q", "--bare", "-b", "main", ".");
      const git = new Branches(local.directory);
      await git.git("remote", "add", "origin", folder);
      // Each commit of the test is at once where the controller looks.
      const hook = join(local.directory, ".git/hooks/post-commit");
      await writeFile(hook, "#!/bin/sh\ngit push -q origin main\n", { mode: 0o755 });
      await git.git("push", "-q", "origin", "main");
    },
  );
  const { body: where } = await ask(controller, "/api/v1/source");
  assert.deepEqual([where.ref, where.root, where.pageChanges], ["main", "", "branch"]);
  assert.equal(where.forge.links.line, "https://github.com/acme/fleet/blob/{commit}/{path}#L{line}");

  const operator = await person(controller, "ben", "operator");
  const pause = { kind: "pause", tenant: "acme", reason: "an audit; it's short" };
  const looked = await ask(controller, "/api/v1/proposals", {
    token: operator,
    body: { ...pause, dryRun: true },
  });
  assert.equal(looked.status, 200, JSON.stringify(looked.body));
  assert.equal(
    looked.body.prepared.command,
    "fairlead pause --tenant acme --reason 'an audit; it'\\''s short'",
  );
  const body = { ...pause, base: looked.body.prepared.base };
  const made = await ask(controller, "/api/v1/proposals", { token: operator, body });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.equal(made.body.written.branch, "fairlead/pause-tenant-acme");
  assert.equal(
    made.body.written.request,
    "https://github.com/acme/fleet/compare/main...fairlead/pause-tenant-acme?expand=1",
  );
  assert.equal(
    await remote.git("log", "-1", "--format=%an <%ae>", made.body.written.branch),
    "ben <ben@localhost>",
  );
  assert.match(await remote.git("show", `${made.body.written.branch}:tenants/acme.yaml`), /paused:/);
  assert.equal(
    await remote.git("rev-parse", `${made.body.written.branch}^`),
    await remote.git("rev-parse", "main"),
  );
  const again = await ask(controller, "/api/v1/proposals", { token: operator, body });
  assert.deepEqual([again.status, again.body.code], [409, "http/branch-exists"]);

  const { body: plan } = await ask(controller, `/api/v1/plan?head=${made.body.written.branch}`);
  assert.deepEqual(
    plan.did.map(({ kind }: { kind: string }) => kind),
    ["pause"],
  );
  const { body: listed } = await ask(controller, "/api/v1/branches");
  assert.deepEqual(
    listed.branches.map(({ name }: { name: string }) => name),
    ["fairlead/pause-tenant-acme", "main"],
  );
});

test("what the command would refuse is refused, with the same words, and what would break the state too", async (t) => {
  const controller = await FleetController.start(t, { pageChanges: "direct" }, threeVersions);
  const git = new Branches(controller.state.directory);
  const base = await git.git("rev-parse", "main");
  const refusals: readonly (readonly [object, number, RegExp])[] = [
    [{ ...PROMOTE, version: "9.9.9" }, 422, /9\.9\.9 does not exist/],
    [{ ...PROMOTE, channel: "nobody" }, 422, /no channel `nobody`/],
    [{ ...PROMOTE, version: "1.0.0" }, 422, /already points to 1\.0\.0/],
    [
      { kind: "rollback", product: "lantern", channel: "stable", version: "0.9.0", reason: "x" },
      422,
      /0\.9\.0/,
    ],
    [{ kind: "min-version", fleet: true, version: "2.0.0" }, 422, /./],
    [
      {
        kind: "pin",
        product: "lantern",
        tenant: "acme",
        version: "1.0.0",
        reason: "x",
        expires: "2020-99-99",
      },
      422,
      /./,
    ],
    [{ kind: "promote", product: "lantern", channel: "stable" }, 400, /version` is missing/],
    [{ ...PROMOTE, reason: "x" }, 400, /takes no `reason`/],
    [{ ...PROMOTE, version: "../../x" }, 400, /./],
  ];
  for (const [body, status, words] of refusals) {
    const answer = await ask(controller, "/api/v1/proposals", { body: { ...body, base } });
    assert.equal(answer.status, status, JSON.stringify([body, answer.body]));
    assert.match(answer.body.detail, words);
  }
  assert.equal(await git.git("rev-parse", "main"), base);
  const missing = await ask(controller, "/api/v1/proposals", { body: PROMOTE });
  assert.deepEqual([missing.status, missing.body.code], [400, "http/bad-request"]);
});

test("with page changes off, and for a viewer, nothing is written, and what it would do can be looked at", async (t) => {
  const controller = await FleetController.start(t, {}, threeVersions);
  const git = new Branches(controller.state.directory);
  const base = await git.git("rev-parse", "main");
  const looked = await ask(controller, "/api/v1/proposals", { body: { ...PROMOTE, dryRun: true } });
  assert.deepEqual([looked.status, looked.body.prepared.pageChanges], [200, "off"]);
  assert.match(looked.body.prepared.lack, /makes no commits/);
  const off = await ask(controller, "/api/v1/proposals", { body: { ...PROMOTE, base } });
  assert.deepEqual([off.status, off.body.code], [403, "http/page-changes-off"]);
  const viewer = await person(controller, "vic", "viewer");
  const refused = await ask(controller, "/api/v1/proposals", {
    token: viewer,
    body: { ...PROMOTE, dryRun: true },
  });
  assert.deepEqual([refused.status, refused.body.code], [403, "http/role-required"]);
  assert.equal(await git.git("rev-parse", "main"), base);
});

test("each kind of change has a command that a shell reads back as it was meant", () => {
  const scope = { tenant: "acme", site: "berlin" };
  assert.deepEqual(
    [
      commandOf({
        kind: "yank",
        product: "agent",
        version: "1.4.2",
        platforms: ["linux-arm64"],
        reason: "crashes",
      }),
      commandOf({
        kind: "resume-halt",
        product: "agent",
        channel: "stable",
        reason: "a b",
        restartWaves: true,
      }),
      commandOf({ kind: "advance", product: "agent", channel: "stable", waves: "all" }),
      commandOf({ kind: "unpin", scope: { ...scope, product: "agent" } }),
      commandOf({ kind: "resume", scope: { fleet: true } }),
      commandOf({ kind: "min-version", scope: { product: "agent" }, version: "1.3.0" }),
    ],
    [
      "fairlead yank 1.4.2 --product agent --platform linux-arm64 --reason crashes",
      "fairlead resume --channel stable --product agent --halt --restart-waves --reason 'a b'",
      "fairlead advance stable --product agent --all",
      "fairlead unpin --product agent --tenant acme --site berlin",
      "fairlead resume --fleet",
      "fairlead min-version 1.3.0 --product agent",
    ],
  );
});
