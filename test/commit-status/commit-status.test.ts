import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { PostClient } from "../../controller/call-out/post-json.ts";
import {
  type CommitStatus,
  type ForgeSettings,
  forgeRequest,
  judgeForgeAnswer,
} from "../../controller/commit-status/forge-request.ts";
import { KeptStatuses } from "../../controller/commit-status/kept-statuses.ts";
import { statusChanges } from "../../controller/commit-status/status-changes.ts";
import { StatusLoop } from "../../controller/commit-status/status-loop.ts";
import { wantedStatuses } from "../../controller/commit-status/wanted-statuses.ts";
import type { StandingRollout } from "../../controller/http/rollout-metrics.ts";
import type { ReconcileOutcome } from "../../controller/reconcile/outcome.ts";
import { createLog } from "../../controller/serve/log.ts";
import { ReceiverServer } from "../notify/receiver-server.ts";
import { temporaryFolder } from "../serve/serve-process.ts";
import { waitUntil } from "../support/wait-until.ts";

const T = 1_800_000_000;
const COMMIT = "3f9c2ab0".repeat(5);
const ORIGIN = "https://releases.acme.example";

function rollout(more: Partial<StandingRollout> = {}): StandingRollout {
  return {
    ...{ product: "agent", channel: "stable", version: "1.4.2", commit: COMMIT },
    ...{ state: "active", reason: "r", since: T, nextAt: T + 3600, share: 0.1, failures: 0, counted: 0 },
    ...more,
  };
}

function settings(forge: ForgeSettings["forge"], api: string): ForgeSettings {
  const repository = forge === "gitlab" ? "acme/fleet/state" : "acme/fleet-state";
  return { forge, repository, api, token: "t0ken-of-the-forge", allowPrivate: true };
}

/** As much of the three forges' APIs as sets a commit status, strict about what they are sent. */
function forge(server: ReceiverServer, kind: ForgeSettings["forge"]): Map<string, Record<string, string>> {
  const statuses = new Map<string, Record<string, string>>();
  server.answer = ({ method, path, headers, body }, response) => {
    const answer = (status: number, said: object): void =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(said));
    const [, sha = ""] =
      (kind === "gitlab"
        ? /^\/api\/projects\/acme%2Ffleet%2Fstate\/statuses\/([0-9a-f]{40})$/
        : /^\/api\/repos\/acme\/fleet-state\/statuses\/([0-9a-f]{40})$/
      ).exec(path) ?? [];
    if (method !== "POST" || sha === "") return answer(404, { message: "Not Found" });
    const token = {
      github: "Bearer t0ken-of-the-forge",
      gitea: "token t0ken-of-the-forge",
      gitlab: undefined,
    }[kind];
    const isLetIn =
      kind === "gitlab" ? headers["private-token"] === "t0ken-of-the-forge" : headers.authorization === token;
    if (!isLetIn) return answer(401, { message: "Bad credentials" });
    const sent = JSON.parse(body) as Record<string, string>;
    const states =
      kind === "gitlab"
        ? ["pending", "running", "success", "failed", "canceled", "skipped"]
        : ["error", "failure", "pending", "success"];
    if (!states.includes(sent.state ?? "")) return answer(400, { message: "state is invalid" });
    if ((sent.description ?? "").length > 140) return answer(422, { message: "description is too long" });
    const name = (kind === "gitlab" ? sent.name : sent.context) ?? "default";
    const before = statuses.get(`${sha} ${name}`);
    if (
      kind === "gitlab" &&
      before?.state === sent.state &&
      ["pending", "running"].includes(sent.state ?? "")
    ) {
      const verb = sent.state === "running" ? "run" : "enqueue";
      const why = `Cannot transition status via :${verb} from :${sent.state} (Reason(s): Status cannot transition)`;
      return answer(400, { message: why });
    }
    statuses.set(`${sha} ${name}`, sent);
    return answer(201, { id: statuses.size, state: sent.state });
  };
  return statuses;
}

async function setOnce(t: TestContext, to: ForgeSettings, status: CommitStatus) {
  const web = new PostClient(undefined);
  t.after(() => web.close());
  return judgeForgeAnswer(to, await web.post(forgeRequest(to, status)), T);
}

for (const kind of ["github", "gitlab", "gitea"] as const) {
  test(`${kind} takes each state of a rollout, with a sentence that fits and a link`, async (t) => {
    const server = await ReceiverServer.start(t);
    const statuses = forge(server, kind);
    const to = settings(kind, `${server.url}/api`);
    for (const state of ["pending", "canary", "active", "held", "halted", "done"] as const) {
      const reason = `37 of 40 that count have failed ${"and more ".repeat(40)}`;
      const [status] = wantedStatuses({ outcome: undefined }, [rollout({ state, reason })], ORIGIN);
      assert.ok(status !== undefined);
      assert.deepEqual(await setOnce(t, to, status), { kind: "set" }, state);
      const set = statuses.get(`${COMMIT} fairlead/agent/stable`);
      assert.equal(set?.target_url, `${ORIGIN}/rollouts/agent/stable`);
      if (state === "halted") assert.match(set?.description ?? "", /^1\.4\.2 is halted: 37 of 40 .*\.\.\.$/);
      if (state === "halted") assert.match(set?.state ?? "", /^fail/);
      if (state === "done") assert.equal(set?.state, "success");
    }
  });
}

test("a wrong token is tried again later and never shown, a status that is refused is not", async (t) => {
  const server = await ReceiverServer.start(t);
  forge(server, "github");
  const [status] = wantedStatuses({ outcome: undefined }, [rollout()], undefined);
  assert.ok(status !== undefined);
  const wrong = await setOnce(t, { ...settings("github", `${server.url}/api`), token: "wr0ng" }, status);
  assert.deepEqual(wrong, {
    kind: "failed",
    why: "github answers 401: Bad credentials",
    retryAfter: undefined,
  });
  server.answer = (_, response) => response.writeHead(422).end('{"message": "No commit found for SHA"}');
  const refused = await setOnce(t, settings("github", `${server.url}/api`), status);
  assert.deepEqual(refused, { kind: "refused", why: "github answers 422: No commit found for SHA" });
  server.answer = (_, response) => response.writeHead(403, { "retry-after": "60" }).end("{}");
  const limited = await setOnce(t, settings("github", `${server.url}/api`), status);
  assert.equal(limited.kind === "failed" ? limited.retryAfter : 0, 60);
});

test("a commit is said to be served, or refused with its first mistake, or held; a work tree has none", () => {
  const span = { line: 3, column: 1, endLine: 3, endColumn: 2 };
  const diagnostic = (message: string) => ({
    ...{ rule: "a/b", severity: "error", message, file: "tenants/acme.yaml", span, related: [], notes: [] },
    severity: "error" as const,
  });
  const said = (outcome: ReconcileOutcome) =>
    wantedStatuses({ outcome }, [], ORIGIN).map(({ state, description, link }) => [state, description, link]);
  const base = { commit: COMMIT, at: T };
  assert.deepEqual(said({ ...base, kind: "published", version: 7, diagnostics: [], acknowledged: 0 }), [
    ["passed", "served", `${ORIGIN}/history/${COMMIT}`],
  ]);
  const diagnostics = [diagnostic("unknown key `x`"), diagnostic("another")];
  assert.deepEqual(said({ ...base, kind: "refused", diagnostics })[0]?.slice(0, 2), [
    "failed",
    "refused: tenants/acme.yaml:3: unknown key `x` (and 1 more)",
  ]);
  const held = said({ ...base, kind: "held", hold: { cause: "signature", reason: "nobody signed it" } });
  assert.match(String(held[0]?.[1]), /^is held because nobody signed it/);
  assert.deepEqual(said({ kind: "waiting", at: T, cause: { code: "x/y", message: "no" } }), []);
  assert.deepEqual(said({ ...base, commit: "worktree", kind: "refused", diagnostics }), []);
});

test("only what changes is said, a wave is one change, and a rollout that was replaced is ended", () => {
  const wanted = (more: Partial<StandingRollout>) =>
    wantedStatuses({ outcome: undefined }, [rollout(more)], undefined);
  const set = new Map(wanted({}).map((status) => [`${status.commit} ${status.context}`, status]));
  assert.deepEqual(statusChanges(wanted({ failures: 3, counted: 100 }), set, [rollout()]), []);
  assert.match(
    statusChanges(wanted({ share: 0.5 }), set, [rollout()])[0]?.description ?? "",
    /open to 50 % of machines/,
  );
  const next = rollout({ version: "1.4.3", commit: "d".repeat(40) });
  const changes = statusChanges(wantedStatuses({ outcome: undefined }, [next], undefined), set, [next]);
  assert.deepEqual(
    changes.map(({ commit, state, description }) => [commit.slice(0, 1), state, description]),
    [
      ["d", "running", "1.4.3 is open to 10 % of machines; next at 2027-01-15T09:00:00Z"],
      ["3", "passed", "replaced by 1.4.3 before it was through"],
    ],
  );
  assert.deepEqual(statusChanges([], set, undefined).length, 0, "before anybody has said how rollouts stand");
  assert.deepEqual(
    statusChanges(wanted({ state: "done" }), new Map(), []),
    [],
    "what was through long ago is let be",
  );
});

test("the loop sets what is wanted now, again after a failure, and nothing again after a restart", async (t) => {
  const folder = await temporaryFolder(t);
  const server = await ReceiverServer.start(t);
  const statuses = forge(server, "gitlab");
  const working = server.answer;
  server.answer = (_, response) => response.writeHead(502).end("<html>");
  const to = settings("gitlab", `${server.url}/api`);
  const web = new PostClient(undefined);
  t.after(() => web.close());
  let standing = [rollout()];
  let now = T;
  const counted: string[] = [];
  const open = (): StatusLoop => {
    const loop = new StatusLoop({
      kept: new KeptStatuses(folder),
      wanted: () => wantedStatuses({ outcome: undefined }, standing, ORIGIN),
      standing: () => standing,
      set: async (status, stop) => judgeForgeAnswer(to, await web.post(forgeRequest(to, status), stop), now),
      count: (result) => void counted.push(result),
      ...{ log: createLog("silent"), now: () => now, random: () => 0, paceMs: 5 },
    });
    t.after(() => loop.stop());
    loop.changed();
    return loop;
  };
  const first = open();
  await waitUntil("a failure", () => (counted.includes("failed") ? true : undefined));
  server.answer = working;
  now += 60;
  first.changed();
  const name = `${COMMIT} fairlead/agent/stable`;
  await waitUntil("running", () => (statuses.get(name)?.state === "running" ? true : undefined));
  standing = [rollout({ state: "halted", reason: "9 of 10 fail" })];
  first.changed();
  await waitUntil("failed", () => (statuses.get(name)?.state === "failed" ? true : undefined));
  await first.stop();
  const asked = server.got.length;
  open();
  standing = [...standing, rollout({ channel: "beta", state: "pending" })];
  await waitUntil("beta", () => statuses.get(`${COMMIT} fairlead/agent/beta`));
  assert.equal(server.got.length, asked + 1, "what the forge knows is not said again");
});
