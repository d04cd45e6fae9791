import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { PreviewError } from "../../controller/preview/preview-error.ts";
import { PreviewHost, type PreviewHostOptions } from "../../controller/serve/preview/preview-host.ts";

const input = {
  source: {
    location: { kind: "local", folder: "." },
    ref: "main",
    path: "",
    mirrorsFolder: ".",
    worktree: undefined,
  },
  stateFolder: ".",
  committer: { name: "Fairlead", mail: "fairlead@localhost" },
} as const;

function hostOf(
  t: TestContext,
  more: Partial<PreviewHostOptions> = {},
): { host: PreviewHost; deaths: string[] } {
  const deaths: string[] = [];
  const host = new PreviewHost({
    input,
    devices: async () => ({ rows: [] }),
    memory: 64,
    onDeath: (error) => void deaths.push(error.message),
    entry: new URL("./stubborn-worker.ts", import.meta.url),
    ...more,
  });
  t.after(() => host.stop());
  return { host, deaths };
}

function isPreviewError(code: PreviewError["code"], message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof PreviewError && error.code === code && message.test(error.message);
}

test("a thread that hangs is ended, and the next question is answered by another one", async (t) => {
  const { host, deaths } = hostOf(t, { deadlineMs: 2_000 });
  await assert.rejects(host.service.rootOf("hang"), isPreviewError("preview/unavailable", /in time/));
  assert.equal(await host.service.rootOf("a"), "a");
  assert.equal(deaths.length, 1);
});

test("a thread that dies, or needs too much memory, answers nobody wrongly and comes again", async (t) => {
  const { host } = hostOf(t);
  await assert.rejects(host.service.rootOf("die"), isPreviewError("preview/unavailable", /ended by itself/));
  await assert.rejects(host.service.rootOf("eat"), isPreviewError("preview/unavailable", /64 MiB/));
  assert.equal(await host.service.rootOf("b"), "b");
});

test("questions wait their turn, and no more than a few of them", async (t) => {
  const { host } = hostOf(t, { deadlineMs: 2_000 });
  const hanging = assert.rejects(host.service.rootOf("hang"), PreviewError);
  const waiting = Array.from({ length: 16 }, (_, n) =>
    host.service.rootOf(`${n}`).catch((error: unknown) => error),
  );
  await assert.rejects(host.service.rootOf("too many"), isPreviewError("preview/busy", /16 questions/));
  await hanging;
  await Promise.all(waiting);
  assert.equal(await host.service.rootOf("c"), "c");
});

test("a thread that nobody asks ends, and whoever asks then is answered", async (t) => {
  const { host, deaths } = hostOf(t, { idleMs: 1 });
  for (const question of ["a", "b", "c"]) {
    assert.equal(await host.service.rootOf(question), question);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual(deaths, []);
});
