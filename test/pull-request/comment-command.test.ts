import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext, test } from "node:test";
import { keepComment } from "../../controller/pull-request/keep-comment.ts";
import { type CommandResult, fairlead } from "../support/run-command.ts";
import { StandInForge } from "./stand-in-forge.ts";

const STRANGER = { id: 99, kind: "person", mayWrite: true } as const;
const BOT_OF_OTHERS = { id: 98, kind: "workflow", mayWrite: true } as const;

interface Job {
  readonly forge: StandInForge;
  /** Runs `fairlead comment` on this text. */
  comment(text: string, token?: string): Promise<CommandResult>;
}

async function jobAt(t: TestContext, kind: "github" | "gitlab"): Promise<Job> {
  const forge = await StandInForge.start(t);
  const folder = await mkdtemp(join(tmpdir(), "fairlead-comment-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const event = join(folder, "event.json");
  await writeFile(event, JSON.stringify({ pull_request: { number: 7 } }));
  const variables = kind === "github" ? forge.githubJob(event) : forge.gitlabJob();
  const name = kind === "github" ? "GITHUB_TOKEN" : "FAIRLEAD_NOTE_TOKEN";
  return {
    forge,
    async comment(text, token) {
      await writeFile(join(folder, "plan.md"), text);
      const env = { ...variables, ...(token === undefined ? {} : { [name]: token }) };
      return fairlead(["comment", join(folder, "plan.md")], { env });
    },
  };
}

const OWN = { github: "workflow", gitlab: "project" } as const;
const READER = { github: "fork", gitlab: "reader" } as const;

for (const kind of ["github", "gitlab"] as const) {
  describe(`fairlead comment, in a job of ${kind}`, () => {
    it("comments once, alters that comment when the plan is another, and leaves it alone when it is not", async (t) => {
      const { forge, comment } = await jobAt(t, kind);
      assert.equal((await comment("first\n", OWN[kind])).stdout, "commented\n");
      assert.equal((await comment("second\n", OWN[kind])).stdout, "updated the comment\n");
      assert.equal((await comment("second\n", OWN[kind])).stdout, "the comment says so already\n");
      assert.deepEqual(
        forge.comments.map(({ body }) => body.trimEnd()),
        ["<!-- fairlead -->\nsecond"],
      );
      assert.equal(forge.writes.length, 2);
    });

    it("finds its comment behind hundreds of others, and never takes one that a person has written for its own", async (t) => {
      const { forge, comment } = await jobAt(t, kind);
      forge.add("<!-- fairlead -->\nnothing moves, believe me", STRANGER);
      for (let i = 0; i < 230; i++) forge.add(`talk ${i}`, STRANGER);
      await comment("first\n", OWN[kind]);
      for (let i = 0; i < 120; i++) forge.add(`more talk ${i}`, STRANGER);
      await comment("second\n", OWN[kind]);
      assert.equal(forge.comments[0]?.body, "<!-- fairlead -->\nnothing moves, believe me");
      const own = forge.comments.filter(({ author }) => author !== STRANGER);
      assert.deepEqual(
        own.map(({ body }) => body.trimEnd()),
        ["<!-- fairlead -->\nsecond"],
      );
    });

    it("is content with a token that may only read, and with none, and says so", async (t) => {
      const { forge, comment } = await jobAt(t, kind);
      const refused = await comment("plan\n", READER[kind]);
      assert.deepEqual([refused.code, refused.stderr], [0, ""]);
      assert.match(refused.stdout, /^no comment: \w+ answers 403 to POST /);
      const without = await comment("plan\n");
      assert.deepEqual(
        [without.code, without.stdout],
        [0, "no comment: the job has no token to comment with\n"],
      );
      assert.deepEqual(forge.comments, []);
    });

    it("fails for a token that nobody knows, for a comment that is too long, and for a file without a word", async (t) => {
      const { comment } = await jobAt(t, kind);
      const unknown = await comment("plan\n", "of-somebody-who-left");
      assert.equal(unknown.code, 1);
      assert.match(
        unknown.stderr,
        /^error\[comment\/refused\]: \w+ answers 401 .*\n {2}= help: give the job a token/,
      );
      const long = await comment("x".repeat(1_000_001), OWN[kind]);
      assert.match(long.stderr, /^error\[comment\/refused\]: .*too long/);
      assert.match((await comment("\n", OWN[kind])).stderr, /^error\[comment\/no-file\]/);
    });

    it("looks again before it writes again, when the answer to what it wrote was lost", async (t) => {
      const { forge } = await jobAt(t, kind);
      const { url: api } = forge;
      const job =
        kind === "github"
          ? ({ forge: kind, api, repository: "acme/fleet", number: 7, token: "workflow" } as const)
          : ({ forge: kind, api: `${api}/api/v4`, repository: "5", number: 9, token: "project" } as const);
      forge.troubles.push(500);
      assert.deepEqual(await keepComment(job, "plan\n", [0, 0]), { kind: "made" });
      forge.comments.length = 0;
      forge.losesNextAnswer = true;
      assert.deepEqual(await keepComment(job, "plan\n", [0, 0]), { kind: "unchanged" });
      assert.equal(forge.comments.length, 1);
    });

    it("gives up on a forge that stays in trouble, with a remedy", async (t) => {
      const { forge } = await jobAt(t, kind);
      const job = {
        forge: "github",
        api: forge.url,
        repository: "acme/fleet",
        number: 7,
        token: "workflow",
      } as const;
      forge.troubles.push(503, 503, 503, 503);
      await assert.rejects(keepComment(job, "plan\n", [0, 0]), { code: "comment/unreachable" });
    });
  });
}

test("a comment by the bot of a workflow is taken over by the next workflow, whichever token it has", async (t) => {
  const { forge, comment } = await jobAt(t, "github");
  forge.add("<!-- fairlead -->\nold", BOT_OF_OTHERS);
  await comment("new\n", "workflow");
  assert.deepEqual(
    forge.comments.map(({ body }) => body),
    ["<!-- fairlead -->\nnew\n"],
  );
});

test("the token is not taken to where a forge redirects", async (t) => {
  const { forge } = await jobAt(t, "gitlab");
  const redirecting = createServer((request, response) => {
    response.writeHead(302, { location: `${forge.url}${request.url}` }).end();
  });
  await new Promise<void>((resolve) => redirecting.listen(0, "127.0.0.1", resolve));
  t.after(() => redirecting.close());
  const api = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}/api/v4`;
  const job = { forge: "gitlab", api, repository: "5", number: 9, token: "project" } as const;
  await assert.rejects(keepComment(job, "plan\n", []), { code: "comment/refused", message: /answers 302/ });
  assert.deepEqual(forge.comments, []);
});

test("outside of a pipeline, and in one for something else, it says where it belongs", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-comment-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const plan = join(folder, "plan.md");
  await writeFile(plan, "plan\n");
  const push = join(folder, "push.json");
  await writeFile(push, '{"ref":"refs/heads/main"}');
  const github = {
    GITHUB_API_URL: "https://api.github.com",
    GITHUB_REPOSITORY: "a/b",
    GITHUB_EVENT_PATH: push,
  };
  const gitlab = { GITLAB_CI: "true", CI_API_V4_URL: "https://gitlab.example/api/v4", CI_PROJECT_ID: "5" };
  for (const env of [{}, github, gitlab]) {
    const { code, stderr } = await fairlead(["comment", plan], { env });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^error\[comment\/no-pull-request\]: .*\n {2}= help: run it in a pipeline for `pull_request`/,
    );
  }
});
