import assert from "node:assert/strict";
import { test } from "node:test";
import { fairlead } from "../support/run-command.ts";
import { FleetController, TOKEN } from "./fleet-controller.ts";

const controller = await FleetController.shared();
const env = { FAIRLEAD_OPERATOR_TOKEN: TOKEN };

function tokens(...args: readonly string[]) {
  return fairlead(["tokens", ...args, "--controller", controller.url], { env });
}

test("a token is printed once, enrols as many as it may, is listed without what it opens, and revoked", async () => {
  const made = await tokens(
    "create",
    "--tenant",
    "acme",
    "--site",
    "berlin",
    "--label",
    "ring=canary",
    "--uses",
    "2",
  );
  assert.equal(made.code, 0, made.stderr);
  const token = made.stdout.trim();
  assert.match(token, /^flt_[A-Za-z0-9_-]{43}$/, "the token alone, for a file or a variable");
  const device = await controller.device(token);

  const listed = await tokens("list");
  assert.equal(listed.code, 0, listed.stderr);
  const [, id = ""] = /^token ([0-9a-f]{12}) is made/.exec(made.stderr) ?? [];
  assert.match(listed.stdout, new RegExp(`^${id}  acme/berlin ring=canary  1 of 2 +until .+ operator$`, "m"));
  assert.ok(!listed.stdout.includes(token));
  assert.equal(JSON.parse((await tokens("list", "--json")).stdout)[0].id, id);

  assert.equal((await tokens("revoke", id)).code, 0);
  assert.match((await tokens("list")).stdout, new RegExp(`^${id} .* revoked`, "m"));
  assert.equal((await controller.newDevice().enrol(token)).status, 403);
  assert.equal((await device.checkIn()).status, 200, "who has enrolled stays");
});

test("what the controller refuses is said, and wrong use is wrong use", async () => {
  const unknown = await tokens("create", "--tenant", "nobody");
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /there is no tenant `nobody`/);
  assert.equal((await tokens("revoke", "0123456789ab")).code, 1);
  assert.equal((await tokens("create", "--label", "no value")).code, 2);
  const stranger = await fairlead(["tokens", "list", "--controller", controller.url], {
    env: { FAIRLEAD_OPERATOR_TOKEN: "another-token-than-that-of-the-operators" },
  });
  assert.equal(stranger.code, 1);
  assert.match(stranger.stderr, /api\/wrong-token/);
});
