import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { AcceptError, type AcceptErrorCode } from "../../controller/reconcile/accept-error.ts";
import {
  acceptedCommitFile,
  acceptHeldCommit,
  readAcceptedRewind,
  settleAcceptance,
} from "../../controller/reconcile/accepted-commit.ts";
import type { ReconcileOutcome } from "../../controller/reconcile/outcome.ts";
import { scratchFolder } from "../source/scratch-repository.ts";
import { fairlead } from "../support/run-command.ts";

const [SERVED, HELD, OTHER] = ["a".repeat(40), "b".repeat(40), "c".repeat(40)] as const;

const held = (commit: string, servedCommit: string): ReconcileOutcome => ({
  kind: "held",
  commit,
  hold: { cause: "not-descendant", servedCommit },
  at: 0,
});
const published = (commit: string): ReconcileOutcome => ({
  ...{ kind: "published", commit, version: 1, diagnostics: [], acknowledged: 0, at: 0 },
});

const withCode = (code: AcceptErrorCode) => (error: unknown) =>
  error instanceof AcceptError && error.code === code;

/** The state folder of a controller that has served something. */
function stateFolder(t: TestContext): string {
  const folder = join(scratchFolder(t), "state");
  mkdirSync(join(folder, "manifest"), { recursive: true });
  return folder;
}

test("exactly what is held is accepted, from what is served", (t) => {
  const folder = stateFolder(t);
  assert.throws(() => acceptHeldCommit(folder, HELD), withCode("accept/not-held"));
  settleAcceptance(folder, held(HELD, SERVED));
  for (const commit of [SERVED, OTHER]) {
    assert.throws(() => acceptHeldCommit(folder, commit), withCode("accept/not-held"));
  }
  for (const text of ["", "main", HELD.slice(0, 12), `${HELD}\n`, HELD.toUpperCase(), "../../x"]) {
    assert.throws(() => acceptHeldCommit(folder, text), withCode("accept/bad-commit"), text);
  }
  assert.equal(readAcceptedRewind(folder), undefined);
  const rewind = { commit: HELD, servedCommit: SERVED };
  assert.deepEqual(acceptHeldCommit(folder, HELD), rewind);
  assert.deepEqual(readAcceptedRewind(folder), rewind);
});

test("an acceptance ends when it is used and when anything else is served", (t) => {
  const folder = stateFolder(t);
  const accept = (): void => {
    settleAcceptance(folder, held(HELD, SERVED));
    acceptHeldCommit(folder, HELD);
  };
  for (const commit of [HELD, OTHER]) {
    accept();
    settleAcceptance(folder, published(commit));
    assert.equal(readAcceptedRewind(folder), undefined);
    assert.throws(() => acceptHeldCommit(folder, HELD), withCode("accept/not-held"));
  }
});

test("an acceptance outlives what serves nothing: a look, a refusal, a source that is out of reach", (t) => {
  const folder = stateFolder(t);
  settleAcceptance(folder, held(HELD, SERVED));
  const rewind = acceptHeldCommit(folder, HELD);
  for (const outcome of [
    published(SERVED),
    held(OTHER, SERVED),
    { kind: "refused", commit: HELD, diagnostics: [], at: 0 },
    { kind: "waiting", cause: { code: "source/timeout", message: "slow" }, at: 0 },
  ] satisfies ReconcileOutcome[]) {
    settleAcceptance(folder, outcome);
    assert.deepEqual(readAcceptedRewind(folder), rewind, outcome.kind);
  }
});

test("what is held may be accepted only as long as it is held", (t) => {
  const folder = stateFolder(t);
  for (const outcome of [
    published(SERVED),
    { kind: "refused", commit: OTHER, diagnostics: [], at: 0 },
    { kind: "held", commit: HELD, hold: { cause: "signature", reason: "it has none" }, at: 0 },
    held(OTHER, SERVED),
  ] satisfies ReconcileOutcome[]) {
    settleAcceptance(folder, held(HELD, SERVED));
    settleAcceptance(folder, outcome);
    assert.throws(() => acceptHeldCommit(folder, HELD), withCode("accept/not-held"), outcome.kind);
  }
});

test("a folder that is no controller's is refused and left as it is", async (t) => {
  const folder = scratchFolder(t);
  for (const path of [folder, join(folder, "not-there"), join(folder, "file")]) {
    if (path.endsWith("file")) writeFileSync(path, "");
    assert.throws(() => acceptHeldCommit(path, HELD), withCode("accept/no-state-folder"));
    const said = await fairlead(["accept", HELD, "--state-dir", path]);
    assert.equal(said.code, 1);
    assert.match(said.stderr, /^error\[accept\/no-state-folder\]: .*\n {2}= help: .*--state-dir/);
  }
  assert.equal(existsSync(join(folder, "not-there")), false);
  assert.deepEqual(existsSync(acceptedCommitFile(folder)), false);
});

test("a file that was not written by an acceptance accepts nothing", (t) => {
  const folder = stateFolder(t);
  const file = acceptedCommitFile(folder);
  const texts = [
    "",
    `${HELD}\n`,
    "{}",
    "null",
    `{"commit":"${HELD}"}`,
    `{"commit":"main","servedCommit":"${SERVED}"}`,
  ];
  for (const text of [...texts, `{"commit":"${HELD}","servedCommit":"${"x".repeat(2000)}"}`]) {
    writeFileSync(file, text);
    assert.equal(readAcceptedRewind(folder), undefined, text.slice(0, 60));
  }
});

test("the controller's user can read what root accepts, and another user cannot accept", async (t) => {
  const folder = stateFolder(t);
  settleAcceptance(folder, held(HELD, SERVED));
  const accepted = acceptedCommitFile(folder);
  const isRoot = process.geteuid?.() === 0;
  // Only root can give files away; everybody else is the user of their own files.
  const [user, stranger] = isRoot ? [65_534, 12_345] : [process.geteuid?.() ?? 0, undefined];
  if (isRoot) {
    for (const path of [join(folder, ".."), folder, join(folder, "held-commit")]) chownSync(path, user, user);
  }
  chmodSync(join(folder, ".."), 0o755);
  chmodSync(folder, 0o700);
  const said = await fairlead(["accept", HELD, "--state-dir", folder]);
  assert.deepEqual([said.code, said.stderr], [0, ""]);
  assert.equal(said.stdout, `accepted: ${HELD} may take the place of ${SERVED}, once\n`);
  assert.equal(statSync(accepted).uid, user);
  assert.equal(statSync(accepted).mode & 0o777, 0o600);
  const asUser = isRoot ? { uid: user, gid: user } : {};
  const text = execFileSync("cat", [accepted], { ...asUser, cwd: "/" });
  assert.equal(text.toString(), readFileSync(accepted, "utf8"));

  if (stranger === undefined) return;
  // A volume that is mounted for the controller belongs to root: then who wrote down the hold is the controller.
  chownSync(folder, 0, 0);
  acceptHeldCommit(folder, HELD);
  assert.equal(statSync(accepted).uid, user);
  process.seteuid?.(stranger);
  try {
    assert.throws(() => acceptHeldCommit(folder, HELD), withCode("accept/not-owner"));
  } finally {
    process.seteuid?.(0);
  }
});
