import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { ControllerProcess } from "../support/controller-process.ts";
import { fairlead, runOk } from "../support/run-command.ts";
import { PLATFORM, StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { ServeProcess, temporaryFolder } from "./serve-process.ts";

/** What somebody without the right to merge can push: a promotion on a side, under every name that looks like `main`. */
async function takenOver(t: TestContext) {
  const state = await StateRepository.create(t);
  const git = (...args: string[]) => runOk("git", args, { cwd: state.directory });
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.0.0");
  const merged = await state.commit("lantern 1.0.0");
  const takeOver = async (): Promise<string> => {
    await git("checkout", "-q", "-b", "side");
    await state.point("stable", "1.1.0");
    const unreviewed = await state.commit("promote 1.1.0, which nobody has reviewed");
    await git("checkout", "-q", "main");
    for (const ref of ["refs/tags/main", "refs/tags/HEAD", "refs/main", "refs/heads/HEAD"]) {
      await git("update-ref", ref, unreviewed);
    }
    return unreviewed;
  };
  return { state, merged, takeOver, git };
}

test("a tag named like the branch is not served, from a folder nor from a remote", async (t) => {
  const { state, merged, takeOver } = await takenOver(t);
  const folder = await temporaryFolder(t);
  const local = await ControllerProcess.start(t, state.directory);
  const remote = new ServeProcess(t, [
    ...["--repo", pathToFileURL(state.directory).href, "--dev-keys", "--interval", "1s"],
    ...["--state-dir", join(folder, "remote")],
  ]);
  const url = await remote.listening();
  await takeOver();
  // The next commit of the branch shows that both have looked since.
  await state.write("fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: 1h\n");
  const next = await state.commit("a merged change");
  await local.serves(next);
  await waitUntil("the remote's next commit", async () =>
    (await (await fetch(`${url}/api/v1/status`)).text()).includes(next) ? true : undefined,
  );
  for (const address of [local.url, url]) {
    const query = `product=lantern&platform=${PLATFORM}&channel=stable`;
    const latest = await (await fetch(`${address}/api/v1/agent/latest?${query}`)).json();
    assert.equal((latest as { version: string }).version, "1.0.0");
  }
  assert.doesNotMatch(local.output + remote.output, /commit\.held|not descend/);
  assert.notEqual(next, merged);
});

test("every command that takes a ref takes the branch, and one that takes none what is checked out", async (t) => {
  const { state, merged, takeOver } = await takenOver(t);
  const unreviewed = await takeOver();
  const say = async (...args: string[]) => {
    const { stdout, stderr, code } = await fairlead(args, { cwd: state.directory });
    assert.equal(stderr, "", `fairlead ${args.join(" ")}`);
    assert.equal(code, 0);
    return stdout;
  };
  for (const [base, head] of [
    ["main", "HEAD"],
    ["HEAD", "main"],
  ] as const) {
    const plan = JSON.parse(await say("plan", "--base", base, "--head", head, "--json"));
    assert.deepEqual([plan.before, plan.after, plan.transitions], [merged, merged, []]);
  }
  const planned = JSON.parse(await say("plan", "--base", "main", "--head", "refs/tags/main", "--json"));
  assert.deepEqual([planned.before, planned.after], [merged, unreviewed]);

  const device = ["--device", "d-1", "--platform", PLATFORM];
  assert.match(await say("explain", ...device, "--at", "main"), /1\.0\.0/);
  assert.doesNotMatch(await say("explain", ...device, "--at", "main"), /1\.1\.0/);
  assert.match(await say("explain", ...device, "--at", "refs/tags/main"), /1\.1\.0/);
  assert.doesNotMatch(await say("history"), /1\.1\.0/);
  assert.match(await say("blame", "stable"), new RegExp(`points to 1\\.0\\.0\\n {2}commit ${merged}`));
  assert.match(await say("validate", "--ref", "main", "--base", "main"), /no mistakes/);

  const out = await temporaryFolder(t);
  const exported = JSON.parse(
    await say(
      "export",
      "--dev-keys",
      "--ref",
      "main",
      "--out",
      join(out, "www"),
      "--state-dir",
      join(out, "state"),
      "--json",
    ),
  );
  assert.equal(exported.commit, merged);
});
