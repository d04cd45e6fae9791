import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { commandOf } from "../../controller/propose/change-command.ts";
import { parseSourceLocation } from "../../controller/source/source-location.ts";
import { FleetController } from "../fleet/fleet-controller.ts";
import { Branches } from "../propose/git-repositories.ts";
import { temporaryFolder } from "../serve/serve-process.ts";
import { ask, machines, person, prepared, refusal, threeVersions, written } from "./asking.ts";

const PROMOTE = { kind: "promote", product: "lantern", channel: "stable", version: "1.1.0" } as const;
const FILE = "products/lantern/channels/stable.yaml";

test("a change is looked at first, with its diff, its machines and its command, and nothing is written", async (t) => {
  const controller = await FleetController.start(t, { pageChanges: "direct" }, threeVersions);
  await machines(controller, 2);
  const git = new Branches(controller.state.directory);
  const head = await git.git("rev-parse", "main");
  const body = await prepared(controller, PROMOTE);
  assert.deepEqual(
    [body.base, body.followed, body.subject],
    [head, "main", "promote lantern 1.1.0 to stable"],
  );
  assert.match(body.diffs[0]?.diff ?? "", /^-version: 1\.0\.0\n\+version: 1\.1\.0$/m);
  assert.deepEqual([body.isValid, body.moves, body.plan?.blast.devices], [true, 2, 2]);
  assert.equal(body.command, "fairlead promote 1.1.0 --to stable --product lantern");
  assert.equal(await git.git("rev-parse", "main"), head);
  assert.deepEqual(await git.names(), ["main"]);
});

test("with direct, an admin's change is the next commit, in the admin's name, in the audit log, and served", async (t) => {
  const controller = await FleetController.start(t, { pageChanges: "direct" }, threeVersions);
  const git = new Branches(controller.state.directory);
  const admin = await person(controller, "ada@acme.example", "admin");
  const operator = await person(controller, "ben", "operator");
  const { base } = await prepared(controller, PROMOTE);
  const looked = await prepared(controller, PROMOTE, operator);
  assert.match(looked.lack ?? "", /needs the role admin/);
  const refused = await refusal(controller, "/api/v1/proposals", {
    token: operator,
    body: { ...PROMOTE, base },
  });
  assert.deepEqual([refused.status, refused.code], [403, "http/role-required"]);

  const body = await written(controller, { ...PROMOTE, base }, admin);
  assert.deepEqual([body.branch, body.request], ["main", undefined]);
  assert.equal(await git.git("rev-parse", "main"), body.commit);
  assert.equal(
    await git.git("log", "-1", "--format=%an <%ae> / %cn / %s"),
    "ada@acme.example <ada@acme.example> / Fairlead / promote lantern 1.1.0 to stable",
  );
  assert.equal(await readFile(join(controller.state.directory, FILE), "utf8"), "version: 1.1.0\n");
  assert.equal(await git.git("status", "--porcelain"), "");
  await controller.serves(body.commit);
  const { entries } = await ask(controller, "/api/v1/audit");
  const [entry] = entries;
  assert.deepEqual(
    [entry?.action, entry?.actor.name, entry?.subject],
    ["state.commit", "ada@acme.example", `commit ${body.commit}`],
  );
  assert.deepEqual(entry?.before, { commit: base });

  // What was looked at is no longer what the branch holds.
  const late = { kind: "pause", fleet: true, reason: "late", base };
  const moved = await refusal(controller, "/api/v1/proposals", { token: admin, body: late });
  assert.deepEqual([moved.status, moved.code], [409, "http/base-moved"]);
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
  const where = await ask(controller, "/api/v1/source");
  assert.deepEqual([where.ref, where.root, where.pageChanges], ["main", "", "branch"]);
  assert.equal(where.forge?.links.line, "https://github.com/acme/fleet/blob/{commit}/{path}#L{line}");

  const operator = await person(controller, "ben", "operator");
  const pause = { kind: "pause", tenant: "acme", reason: "an audit; it's short" };
  const looked = await prepared(controller, pause, operator);
  assert.equal(looked.command, "fairlead pause --tenant acme --reason 'an audit; it'\\''s short'");
  const body = { ...pause, base: looked.base };
  const made = await written(controller, body, operator);
  assert.equal(made.branch, "fairlead/pause-tenant-acme");
  assert.equal(
    made.request,
    "https://github.com/acme/fleet/compare/main...fairlead/pause-tenant-acme?expand=1",
  );
  assert.equal(await remote.git("log", "-1", "--format=%an <%ae>", made.branch), "ben <ben@localhost>");
  assert.match(await remote.git("show", `${made.branch}:tenants/acme.yaml`), /paused:/);
  assert.equal(await remote.git("rev-parse", `${made.branch}^`), await remote.git("rev-parse", "main"));
  const older = { ...pause, tenant: undefined, fleet: true, base: await remote.git("rev-parse", "main^") };
  const moved = await refusal(controller, "/api/v1/proposals", { token: operator, body: older });
  assert.deepEqual([moved.status, moved.code], [409, "http/base-moved"]);
  const again = await refusal(controller, "/api/v1/proposals", { token: operator, body });
  assert.deepEqual([again.status, again.code], [409, "http/branch-exists"]);

  const plan = await ask(controller, `/api/v1/plan?head=${made.branch}`);
  assert.deepEqual(
    plan.did.map(({ kind }) => kind),
    ["pause"],
  );
  const listed = await ask(controller, "/api/v1/branches");
  assert.deepEqual(
    listed.branches.map(({ name }) => name),
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
    const answer = await refusal(controller, "/api/v1/proposals", { body: { ...body, base } });
    assert.equal(answer.status, status, JSON.stringify([body, answer.text]));
    assert.match(answer.detail, words);
  }
  assert.equal(await git.git("rev-parse", "main"), base);
  const missing = await refusal(controller, "/api/v1/proposals", { body: PROMOTE });
  assert.deepEqual([missing.status, missing.code], [400, "http/bad-request"]);
});

test("on a branch that is refused already nothing is added, and it is said that the change is not at fault", async (t) => {
  const controller = await FleetController.start(t, { pageChanges: "direct" }, threeVersions);
  await controller.state.write("tenants/acme.yaml", "channel: stable\nwindow: {start: never}\n");
  const base = await controller.state.commit("a mistake");
  const looked = await prepared(controller, PROMOTE);
  assert.deepEqual([looked.isValid, looked.isBaseSound], [false, false]);
  assert.equal(looked.diagnostics[0]?.file, "tenants/acme.yaml");
  const answer = await refusal(controller, "/api/v1/proposals", { body: { ...PROMOTE, base } });
  assert.deepEqual([answer.status, answer.code], [422, "http/change-refused"]);
});

test("with page changes off, and for a viewer, nothing is written, and what it would do can be looked at", async (t) => {
  const controller = await FleetController.start(t, {}, threeVersions);
  const git = new Branches(controller.state.directory);
  const base = await git.git("rev-parse", "main");
  const looked = await prepared(controller, PROMOTE);
  assert.equal(looked.pageChanges, "off");
  assert.match(looked.lack ?? "", /makes no commits/);
  const off = await refusal(controller, "/api/v1/proposals", { body: { ...PROMOTE, base } });
  assert.deepEqual([off.status, off.code], [403, "http/page-changes-off"]);
  const viewer = await person(controller, "vic", "viewer");
  const refused = await refusal(controller, "/api/v1/proposals", {
    token: viewer,
    body: { ...PROMOTE, dryRun: true },
  });
  assert.deepEqual([refused.status, refused.code], [403, "http/role-required"]);
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
