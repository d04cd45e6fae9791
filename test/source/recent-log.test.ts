import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readFirstParentLog } from "../../controller/source/first-parent-log.ts";
import { openRepository } from "../../controller/source/git-repository.ts";
import { readRecentLog } from "../../controller/source/recent-log.ts";
import { ScratchRepository } from "./scratch-repository.ts";

const CHANNELS = { path: "releases", globs: ["products/*/channels/*.yaml"] };

/** Commits, each with a message, and some with an author, that git has rules of its own for. */
const ODD: readonly { readonly message: string; readonly author?: string; readonly encoding?: string }[] = [
  { message: "plain\n" },
  { message: "two\nlines \t\n\nand a body\n" },
  { message: "ends without a line feed" },
  { message: "blanks behind  \n \nbody" },
  { message: "\n\n  begins late\n" },
  { message: " begins with a blank\n" },
  { message: "" },
  { message: "a\u0007bell\n" },
  { message: "caf\u00e9 \u{1f680}\n" },
  { message: "nothing of it\u00a0\n" },
  { message: "of another alphabet: \u00e9\n", encoding: "ISO-8859-1" },
  { message: "an author without a name\n", author: " <ada@acme.example>" },
  { message: "an author with blanks around\n", author: "  Ada   <ada@acme.example>" },
  { message: "an author of more words\n", author: "Ada M. Example (ops) <ada@acme.example>" },
];

test("what came since the last look is read as `git log` tells it, or left to git", async (t) => {
  const scratch = new ScratchRepository(t);
  scratch.promote("1.0.0");
  scratch.promote("1.0.0", "beta");
  let head = scratch.head;
  for (const [index, { message, author = "Ada <ada@acme.example>", encoding }] of ODD.entries()) {
    scratch.write("releases/products/agent/channels/stable.yaml", `version: 1.${index}.0\n`);
    scratch.git("add", "-A");
    const tree = scratch.git("write-tree");
    const lines = [
      `tree ${tree}`,
      `parent ${head}`,
      `author ${author} 1700001000 +0100`,
      `committer Ada <ada@acme.example> ${1_700_001_000 + index} +0000`,
      ...(encoding === undefined ? [] : [`encoding ${encoding}`]),
    ];
    const text = `${lines.join("\n")}\n\n${message}`;
    const bytes = Buffer.from(text, encoding === undefined ? "utf8" : "latin1");
    head = scratch.gitWithInput(bytes, "hash-object", "-t", "commit", "-w", "--literally", "--stdin");
    scratch.git("update-ref", "refs/heads/main", head);
  }
  const more = [
    () => rmSync(join(scratch.folder, "releases/products/agent/channels/beta.yaml")),
    () => scratch.write("releases/products/other/channels/stable.yaml", "version: 1.0.0\n"),
    () => scratch.write("releases/products/other/channels/deeper/x.yaml", "no: channel\n"),
    () => scratch.write("channels.yaml", "outside: true\n"),
    () => {
      scratch.git("checkout", "-q", "-b", "side");
      scratch.promote("8.0.0");
      scratch.git("checkout", "-q", "main");
      scratch.git("merge", "-q", "--no-ff", "-m", "merge", "side");
    },
  ];
  for (const [index, change] of more.entries()) {
    change();
    scratch.commit(`more ${index}`);
  }
  const repository = await openRepository(scratch.folder);
  t.after(() => repository.close());
  const lines = scratch.git("rev-list", "--first-parent", "main").split("\n");
  const whole = await readFirstParentLog(repository, scratch.head, CHANNELS);
  let told = 0;
  for (const [index, commit] of lines.entries()) {
    for (const steps of [1, 2, 4, 5]) {
      const since = lines[index + steps];
      if (since === undefined) continue;
      const recent = await readRecentLog(repository, commit, { ...CHANNELS, since });
      if (recent === undefined) continue;
      assert.ok(steps <= 4);
      const range = new Set(lines.slice(index, index + steps));
      assert.deepEqual(
        recent,
        whole.filter((one) => range.has(one.commit)),
      );
      const removals = await readRecentLog(repository, commit, { ...CHANNELS, since, onlyRemovals: true });
      const gone = whole.flatMap((one) =>
        one.changes.filter(({ after }) => after === undefined && range.has(one.commit)),
      );
      assert.deepEqual(
        removals?.flatMap(({ changes }) => changes),
        gone,
      );
      told++;
    }
  }
  assert.ok(told >= 20, `${told} ranges were read without git`);
  assert.equal(
    await readRecentLog(repository, scratch.head, { ...CHANNELS, since: "0".repeat(40) }),
    undefined,
  );
});
