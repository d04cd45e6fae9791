import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ReceiverServer } from "../notify/receiver-server.ts";
import { temporaryFolder } from "../serve/serve-process.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";

test("a running controller tells the forge of served and refused commits, and of the rollout on the commit that promoted", async (t) => {
  const forge = await ReceiverServer.start(t);
  forge.answer = (_, response) => response.writeHead(201).end("{}");
  const said = (commit: string, context: string) =>
    waitUntil(`${context} of ${commit}`, () => {
      const to = `/repos/acme/fleet/statuses/${commit}`;
      const sent = forge.got.filter(({ path }) => path === to).map(({ body }) => JSON.parse(body));
      return sent.findLast((status) => status.context === context);
    });
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, "token"), "t0ken-of-the-forge\n");
  await writeFile(
    join(folder, "fairlead.yaml"),
    `publicUrl: [https://releases.acme.example]
commitStatus: {forge: github, repository: acme/fleet, api: "${forge.url}", tokenFile: token, privateAddress: allow}
`,
  );
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.addVersion("1.1.0");
  await state.point("stable", "1.0.0");
  await state.commit("first");
  const controller = await ControllerProcess.start(t, state.directory, [
    "--dev-keys",
    ...["--config", join(folder, "fairlead.yaml")],
  ]);
  const waves = "rollout:\n  waves: [{percent: 1, after: 0s}, {percent: 100, after: 4h}]\n";
  await state.point("stable", "1.1.0", waves);
  const promoting = await state.commit("promote");
  assert.deepEqual(await said(promoting, "fairlead"), {
    ...{ state: "success", description: "served", context: "fairlead" },
    target_url: `https://releases.acme.example/history/${promoting}`,
  });
  const rollout = await said(promoting, "fairlead/lantern/stable");
  assert.equal(rollout.state, "pending");
  assert.match(rollout.description, /^1\.1\.0 is open to 1 % of machines; next at 20/);

  await state.write("tenants/acme.yaml", "nonsense: true\n");
  const bad = await state.commit("a mistake");
  const refused = await said(bad, "fairlead");
  assert.equal(refused.state, "failure");
  assert.match(refused.description, /^refused: tenants\/acme\.yaml:1: unknown key `nonsense`/);
  assert.ok(!controller.output.includes("t0ken-of-the-forge"));
});
