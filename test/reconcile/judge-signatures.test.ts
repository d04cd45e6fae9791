import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FirstSights } from "../../controller/reconcile/first-sights.ts";
import { judgeSignatures } from "../../controller/reconcile/judge-signatures.ts";
import type { Hold } from "../../controller/reconcile/outcome.ts";
import { listCommitsSince } from "../../controller/source/commits-since.ts";
import { openRepository } from "../../controller/source/git-repository.ts";
import { digestSigners, verifyCommitSignature } from "../../controller/source/verify-signature.ts";
import { ScratchRepository, scratchFolder } from "../source/scratch-repository.ts";
import { lacks, runOk } from "../support/run-command.ts";

const needsSshKeygen = { skip: await lacks("ssh-keygen") };

const at = (time: string): number => Date.parse(time) / 1000;
const NOON = at("2026-06-01T12:00:00Z");

/** A repository whose commits are signed by whom the test says, and a controller that judges them. */
async function prepare(t: TestContext) {
  const scratch = new ScratchRepository(t);
  const folder = scratchFolder(t);
  const allowedSigners = join(folder, "allowed");
  for (const name of ["ada", "forge", "eve"]) {
    await runOk("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", join(folder, name)]);
  }
  const list = (signers: Readonly<Record<string, string>>): void => {
    const lines = Object.entries(signers).map(([name, options]) => {
      const key = readFileSync(join(folder, `${name}.pub`), "utf8");
      return `${name}@acme.example ${options} ${key}`;
    });
    writeFileSync(allowedSigners, lines.join(""));
  };
  list({ ada: "", forge: "" });
  const fingerprint = await runOk("ssh-keygen", ["-lf", join(folder, "forge.pub")]);
  const forgeKey = /SHA256:\S+/.exec(fingerprint)?.[0] ?? assert.fail(fingerprint);

  const signedBy = (name: string | undefined): string[] =>
    name === undefined ? [] : ["-c", "gpg.format=ssh", "-c", `user.signingKey=${join(folder, name)}`];
  const commit = (by: string | undefined, subject = "x"): string => {
    const sign = by === undefined ? [] : ["-S"];
    scratch.git(...signedBy(by), "commit", "-q", "--allow-empty", ...sign, "-m", subject);
    return scratch.head;
  };
  const merge = (by: string | undefined, ...branches: string[]): string => {
    const sign = by === undefined ? [] : ["-S"];
    scratch.git(...signedBy(by), "merge", "-q", "--no-ff", ...sign, "-m", "merge", ...branches);
    return scratch.head;
  };
  const checkout = (...args: string[]): string => scratch.git("checkout", "-q", ...args);

  const repository = await openRepository(scratch.folder);
  t.after(() => repository.close());
  const verified: string[] = [];
  const start = () => {
    const sights = new FirstSights(folder);
    return (
      tip: string,
      served: string | undefined,
      options: { now?: number; forgeKey?: string; maxCommits?: number } = {},
    ): Promise<Hold | undefined> => {
      const { now = NOON, maxCommits = 100 } = options;
      const parts = {
        commitsSince: (one: string, base: string | undefined, most: number) =>
          listCommitsSince(repository, one, base, most),
        verify: (id: string, time: number) => {
          verified.push(id);
          return verifyCommitSignature(repository, id, { allowedSigners }, time);
        },
        digestSigners: () => digestSigners({ allowedSigners }),
        sights,
        now: () => now,
      };
      return judgeSignatures(parts, { forgeKey: options.forgeKey, maxCommits }, tip, served);
    };
  };
  return { scratch, folder, list, forgeKey, commit, merge, checkout, start, verified };
}

const UNSIGNED = "it has no signature";

test(
  "one unsigned commit between what is served and a signed tip holds the tip",
  needsSshKeygen,
  async (t) => {
    const { commit, start } = await prepare(t);
    commit(undefined, "before anybody signed");
    const served = commit("ada");
    const judge = start();
    assert.equal(await judge(commit("ada"), served), undefined);
    const unsigned = commit(undefined);
    assert.deepEqual(await judge(unsigned, served), { cause: "signature", reason: UNSIGNED });
    commit("ada");
    assert.deepEqual(await judge(commit("ada"), served), { cause: "signature", reason: UNSIGNED, unsigned });
  },
);

test("both sides of a merge have to be signed, whoever signed the merge", needsSshKeygen, async (t) => {
  const { scratch, commit, merge, checkout, start, forgeKey } = await prepare(t);
  const served = commit("ada");
  checkout("-b", "side");
  const unsigned = commit(undefined);
  commit("ada");
  checkout("main");
  commit("ada");
  const hold = { cause: "signature", reason: UNSIGNED, unsigned };
  const judge = start();
  assert.deepEqual(await judge(merge("forge", "side"), served), hold);
  scratch.git("reset", "-q", "--hard", "HEAD~1");
  assert.deepEqual(await judge(merge("ada", "side"), served, { forgeKey }), hold);
});

test("a side that was merged before what is served is on the way as well", needsSshKeygen, async (t) => {
  const { commit, merge, checkout, start } = await prepare(t);
  commit("ada");
  checkout("-b", "side");
  const unsigned = commit(undefined);
  checkout("main");
  const served = commit("ada");
  const judge = start();
  assert.deepEqual(await judge(merge("ada", "side"), served), {
    cause: "signature",
    reason: UNSIGNED,
    unsigned,
  });
});

test(
  "where the forge vouches, its merges on the branch need no signature on the side",
  needsSshKeygen,
  async (t) => {
    const { commit, merge, checkout, start, forgeKey } = await prepare(t);
    const served = commit("ada");
    checkout("-b", "side");
    commit(undefined);
    commit("eve");
    checkout("-b", "deeper");
    commit(undefined);
    checkout("side");
    merge(undefined, "deeper");
    checkout("main");
    commit("ada");
    const judge = start();
    const merged = merge("forge", "side");
    assert.equal(await judge(merged, served, { forgeKey }), undefined);
    assert.equal(await judge(commit("ada"), served, { forgeKey }), undefined);
    assert.deepEqual(
      (await start()(merged, served))?.cause,
      "signature",
      "without the setting nobody vouches",
    );
  },
);

test("the forge's key vouches for nothing but merges on the branch", needsSshKeygen, async (t) => {
  const { commit, merge, checkout, start, forgeKey } = await prepare(t);
  const served = commit("ada");
  const why = "the forge's key signed it, which vouches for merges on the followed branch only";
  const judge = start();

  // What the forge signs for everybody who may write to some branch: a file edited on its page.
  const edited = commit("forge");
  assert.deepEqual(await judge(edited, served, { forgeKey }), { cause: "signature", reason: why });

  // And a side branch brought up to date, to which somebody then moves the branch itself.
  checkout("-b", "side", served);
  const unsigned = commit(undefined);
  checkout("-b", "other", served);
  commit("ada");
  checkout("side");
  const updated = merge("forge", "other");
  const hold = { cause: "signature", reason: UNSIGNED, unsigned };
  assert.deepEqual(await judge(updated, served, { forgeKey }), hold);

  // The same in the side of a merge that a person signed.
  checkout("-b", "third", served);
  commit("ada");
  assert.deepEqual(await judge(merge("ada", "side"), served, { forgeKey }), {
    cause: "signature",
    reason: why,
    unsigned: updated,
  });
});

test(
  "a signer who had expired at first sight does not pass by a back-dated commit, now nor after a restart",
  needsSshKeygen,
  async (t) => {
    const { commit, start, list, scratch } = await prepare(t);
    const served = commit("ada");
    list({ ada: 'valid-before="20260101Z"' });
    const late = commit("ada");
    assert.match(scratch.git("show", "-s", "--format=%cI", late), /^2023-/);
    const expired = /had expired when the commit was first seen, at 2026-06-01T12:00:00Z/;
    const reasonOf = (hold: Hold | undefined) => (hold?.cause === "signature" ? hold.reason : "");
    assert.match(reasonOf(await start()(late, served)), expired);
    const before = at("2025-06-01T12:00:00Z");
    assert.match(
      reasonOf(await start()(late, served, { now: before })),
      expired,
      "a clock that was set back",
    );
    list({ ada: "", forge: "" });
    assert.equal(await start()(late, served), undefined, "until somebody lists the signer anew");
  },
);

test(
  "a signer who expires later still counts for what was seen before, and is not judged again",
  needsSshKeygen,
  async (t) => {
    const { commit, start, list, verified, folder } = await prepare(t);
    const served = commit("ada");
    list({ ada: 'valid-before="20260701Z"' });
    const good = commit("ada");
    const held = commit(undefined);
    assert.equal((await start()(held, served))?.cause, "signature");
    const august = at("2026-08-01T00:00:00Z");
    assert.equal(await start()(good, served, { now: august }), undefined);
    const times = verified.length;
    assert.equal(await start()(good, served, { now: august }), undefined);
    assert.equal(verified.length, times, "what was good is remembered over a restart");

    const later = commit("ada");
    assert.equal(
      (await start()(later, good, { now: august }))?.cause,
      "signature",
      "but not for what comes after",
    );

    list({ forge: "" });
    assert.equal(
      (await start()(good, served, { now: NOON }))?.cause,
      "signature",
      "who is taken off the list is out",
    );
    list({ ada: 'valid-before="20260701Z"', eve: "" });
    assert.equal(await start()(good, served, { now: august }), undefined, "judged again, at the same time");
    rmSync(join(folder, "first-sights.json"));
    assert.equal(
      (await start()(good, served, { now: august }))?.cause,
      "signature",
      "a lost note forgives nobody",
    );
  },
);

test("notes that cannot be understood are begun anew", needsSshKeygen, async (t) => {
  const { commit, start, folder } = await prepare(t);
  const served = commit("ada");
  const good = commit("ada");
  const file = join(folder, "first-sights.json");
  const id = `"${good}"`;
  for (const text of [
    "",
    "{",
    "[]",
    '{"signers":"","commits":{"x":{}}}',
    `{"signers":"","commits":{${id}:{"seenAt":"0"}}}`,
  ]) {
    writeFileSync(file, text);
    assert.equal(await start()(good, served), undefined);
    assert.equal(JSON.parse(readFileSync(file, "utf8")).commits[good].seenAt, NOON);
  }
});

test(
  "with nothing served, and where what was served is gone, the tip has to be good",
  needsSshKeygen,
  async (t) => {
    const { commit, start, scratch } = await prepare(t);
    commit(undefined);
    const signed = commit("ada");
    const judge = start();
    assert.equal(await judge(signed, undefined), undefined);
    assert.equal(await judge(signed, "1".repeat(40)), undefined);
    assert.equal(await judge(signed, "worktree"), undefined);
    const unsigned = commit(undefined);
    for (const served of [undefined, "1".repeat(40)]) {
      assert.deepEqual(await judge(unsigned, served), { cause: "signature", reason: UNSIGNED });
    }
    assert.equal(await judge(unsigned, unsigned), undefined, "what is served is not judged again");
    assert.equal(
      (await judge(scratch.git("rev-parse", "HEAD~2"), unsigned))?.cause,
      "signature",
      "a rewind is",
    );
  },
);

test(
  "more commits at once than are verified are held, with the number that would let them through",
  needsSshKeygen,
  async (t) => {
    const { commit, start, folder } = await prepare(t);
    const served = commit("ada");
    for (let count = 0; count < 5; count++) commit("ada");
    const tip = commit("ada");
    const judge = start();
    assert.deepEqual(await judge(tip, served, { maxCommits: 4 }), {
      cause: "too-many-commits",
      count: 6,
      most: 4,
    });
    assert.throws(() => readFileSync(join(folder, "first-sights.json")), /ENOENT/, "nothing was looked at");
    assert.equal(await judge(tip, served, { maxCommits: 6 }), undefined);
  },
);
