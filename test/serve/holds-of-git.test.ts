import assert from "node:assert/strict";
import { test } from "node:test";
import type { StatusReport } from "../../controller/http/api/status-report.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { fairlead } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";

test("status and explain show the commit behind a pause and behind updates on request", async (t) => {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.write(
    "tenants/acme.yaml",
    "channel: stable\ngroups:\n  lab: {devices: [d-1], autoUpdate: false}\n",
  );
  const byHand = await state.commit("the lab updates by hand");
  const paused =
    "channel: stable\npaused: {reason: audit}\ngroups:\n  lab: {devices: [d-1], autoUpdate: false}\n";
  await state.write("tenants/acme.yaml", paused);
  const pause = await state.commit("pause acme");
  // What comes later on other lines is not behind it.
  await state.write("tenants/acme.yaml", `${paused}sites: {berlin: {channel: stable}}\n`);
  const last = await state.commit("berlin");
  const controller = await ControllerProcess.start(t, state.directory);
  await controller.serves(last);

  const holds = await waitUntil("what git holds back", async () => {
    const report = (await (await fetch(`${controller.url}/api/v1/status`)).json()) as StatusReport;
    return report.holds;
  });
  assert.deepEqual(
    holds.map(({ kind, scope, reason, file, line, origin }) => [
      kind,
      scope,
      reason,
      file,
      line,
      origin?.commit,
    ]),
    [
      ["paused", "tenant acme", "audit", "tenants/acme.yaml", 2, pause],
      ["no-auto-update", "group acme/lab", undefined, "tenants/acme.yaml", 4, byHand],
    ],
  );
  assert.match(holds[0]?.origin?.author ?? "", /^.+ <.+>$/);
  assert.equal(holds[0]?.origin?.subject, "pause acme");

  const status = await told(["status", "--controller", controller.url]);
  const by = new RegExp(
    `tenant acme is paused \\(audit\\): tenants/acme\\.yaml:2, by ${pause.slice(0, 12)}, .+, 20`,
  );
  assert.match(status, by);
  assert.match(status, new RegExp(`group acme/lab updates only on request: .+:4, by ${byHand.slice(0, 12)}`));

  const asked = [
    "explain",
    "--device",
    "d-1",
    "--platform",
    "linux-x64",
    "--tenant",
    "acme",
    "--root",
    state.directory,
  ];
  for (const at of [[], ["--at", last]]) {
    const explained = await told([...asked, ...at]);
    assert.match(explained, new RegExp(`x paused .+acme\\.yaml:2, by ${pause.slice(0, 12)}, `));
  }
  await state.write("tenants/acme.yaml", `# Not committed.\n${paused}`);
  assert.doesNotMatch(await told(asked), /, by /);
});

async function told(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await fairlead(args);
  assert.equal(code, 0, stderr);
  return stdout;
}
