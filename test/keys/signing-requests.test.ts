import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import { renew, rotate } from "../../controller/keys/ceremonies.ts";
import { requireSoundRequest } from "../../controller/keys/check-request.ts";
import { describeRequest } from "../../controller/keys/describe-request.ts";
import { FileSigner } from "../../controller/keys/file-signer.ts";
import { signedFiles } from "../../controller/keys/finish-ceremony.ts";
import { readKeyFolder } from "../../controller/keys/key-folder.ts";
import { mergeRequests, missingSignatures, signRequest } from "../../controller/keys/sign-request.ts";
import {
  encodeRequest,
  MAX_REQUEST_BYTES,
  parseRequest,
  requestDigest,
  type SigningRequest,
} from "../../controller/keys/signing-request.ts";
import { readWorktreeState } from "../../controller/state/read-worktree-state.ts";
import { NO_PASSPHRASES, SampleFleet } from "./sample-fleet.ts";

const rotateRelease = (
  holders: Parameters<typeof rotate>[0],
  supply: Parameters<typeof rotate>[1],
): ReturnType<typeof rotate> => rotate(holders, supply, "releases-lantern", undefined);

/** One person of the fleet signs what came to them as a file. */
async function signAs(fleet: SampleFleet, person: number, bytes: Buffer): Promise<Buffer> {
  const request = parseRequest(bytes, "a request");
  requireSoundRequest(request, fleet.now);
  const own = readKeyFolder(fleet.keyFolder).filter(({ path }) => path.endsWith(`-${person}.json`));
  const signers = own.map((file) => new FileSigner(file, NO_PASSPHRASES));
  return encodeRequest((await signRequest(request, signers)).request);
}

test("two of three sign copies on their own; together they are what all would have signed at once", async (t) => {
  const fleet = await SampleFleet.create(t, 3, 2);
  const bytes = encodeRequest(await fleet.request((holders) => renew(holders, ["root", "targets"])));
  const first = parseRequest(await signAs(fleet, 1, bytes), "1");
  assert.equal(requestDigest(first), requestDigest(parseRequest(bytes, "0")), "signatures are no part of it");
  const missing = missingSignatures(first);
  assert.equal(missing.length, 2);
  assert.match(
    missing[0] ?? "",
    /^trust\/root\/2\.root\.json lacks 1 of 2 signatures with the root keys: any of/,
  );

  const third = parseRequest(await signAs(fleet, 3, bytes), "3");
  const merged = mergeRequests([
    ["1", first],
    ["3", third],
    ["1 again", first],
  ]);
  assert.deepEqual(missingSignatures(merged), []);
  const files = signedFiles(merged, (await readWorktreeState(fleet.root)).trust(), fleet.now);
  assert.deepEqual([...files.keys()], ["trust/root/2.root.json", "trust/targets.json"]);
});

test("a new root needs the present holders and the new ones", async (t) => {
  const fleet = await SampleFleet.create(t);
  const request = await fleet.request((holders, supply) => rotate(holders, supply, "root", undefined));
  const lines = missingSignatures(request);
  assert.equal(lines.length, 2);
  assert.match(lines[0] ?? "", /present root keys/);
  assert.match(lines[1] ?? "", /new root keys/);
});

test("copies of two requests are not put together, and a request from before another change is refused", async (t) => {
  const fleet = await SampleFleet.create(t);
  const one = await fleet.request((holders) => renew(holders, ["root"]));
  const other = await fleet.request((holders) => renew(holders, ["targets"]));
  assert.throws(
    () =>
      mergeRequests([
        ["one", one],
        ["other", other],
      ]),
    { code: "keys/different-requests", message: /`one` and `other`/ },
  );
  const signed = parseRequest(await signAs(fleet, 1, encodeRequest(one)), "one");
  await fleet.hold((holders) => renew(holders, ["root"]));
  const present = (await readWorktreeState(fleet.root)).trust();
  assert.throws(() => signedFiles(signed, present, fleet.now), { code: "keys/stale-request" });
});

test("the description says who comes, who goes, and that the artifacts stay what they were", async (t) => {
  const fleet = await SampleFleet.create(t);
  const say = async (...build: Parameters<SampleFleet["request"]>): Promise<string> =>
    describeRequest(await fleet.request(...build)).join("\n");
  const online = await say((holders, supply) => rotate(holders, supply, "online", undefined));
  assert.match(online, /^root 2 follows root 1; good until 2028-02-19 \(now: until 2028-02-19\)$/m);
  assert.match(online, /^ {4}online key: [0-9a-f]{16} instead of [0-9a-f]{16}$/m);
  const release = await say(rotateRelease);
  assert.match(release, /^ {4}release key of lantern: [0-9a-f]{16} instead of/m);
  assert.match(release, /^ {4}1 artifact, the same as before$/m);
  const root = await say((holders, supply) => rotate(holders, supply, "root", undefined));
  assert.match(root, /^ {6}\+ [0-9a-f]{16}\n {6}- [0-9a-f]{16}$/m);
});

/** What stands at a place of a request: `proposed/root/signed`. */
function at(request: object, path: string): object {
  let value: unknown = request;
  for (const name of path.split("/")) value = Reflect.get(Object(value), name);
  assert.ok(typeof value === "object" && value !== null, path);
  return value;
}

const set = (path: string, members: object) => (request: object) =>
  void Object.assign(at(request, path), members);
const ROOT = "proposed/root/signed";
const TARGETS = "proposed/targets/signed";
const INDEX = "proposed/releases/lantern/signed";
const ARTIFACT = { length: 1, hashes: { sha256: "a0".repeat(32) } };
const STRANGER = "a0".repeat(32);

/** Each changes a request, whose documents are all there, into one that nobody may sign. */
const TAMPERED: Readonly<Record<string, (request: object) => void>> = {
  "a root that skips a number": set(ROOT, { version: 7 }),
  "a root for a hundred years": set(ROOT, { expires: "2126-01-01T00:00:00Z" }),
  "a root that has expired": set(ROOT, { expires: "2020-01-01T00:00:00Z" }),
  "a root with a member that goes unsaid": set(ROOT, { extra: 1 }),
  "a root without consistent snapshots": set(ROOT, { consistent_snapshot: false }),
  "a key for the timestamp that is not there": set(`${ROOT}/roles/timestamp`, { keyids: [STRANGER] }),
  "a threshold that nobody can reach": set(`${ROOT}/roles/root`, { threshold: 5 }),
  "a key id that is not the hash of its key": (request) => {
    const keys = at(request, `${ROOT}/keys`);
    const [first = "", second = ""] = Object.keys(keys);
    Object.assign(keys, { [first]: Reflect.get(keys, second), [second]: Reflect.get(keys, first) });
  },
  "delegations with a target of their own": set(`${TARGETS}/targets`, { "releases/x": ARTIFACT }),
  "a delegation of everything": set(`${TARGETS}/delegations/roles/0`, { paths: ["*/*/*/*/*"] }),
  "a delegation that does not end the search": set(`${TARGETS}/delegations/roles/0`, { terminating: false }),
  "a version far ahead": set(TARGETS, { version: Number.MAX_SAFE_INTEGER - 1 }),
  "a version that goes back": set(TARGETS, { version: 1 }),
  "an artifact of another product": set(`${INDEX}/targets`, {
    "releases/torch/1.0.0/linux-x64/torch": ARTIFACT,
  }),
  "an artifact whose name steers the terminal": set(`${INDEX}/targets`, {
    "releases/lantern/1.0.0/linux-x64/\u001b[2J": ARTIFACT,
  }),
  "an index that delegates": set(INDEX, { delegations: { keys: {}, roles: [] } }),
  "an index of a product without a key": (request) =>
    set("proposed/releases", { torch: at(request, "proposed/releases/lantern") })(request),
  "a present that nobody signed": set("present/root/signed", { expires: "2028-01-01T00:00:00Z" }),
  "half a present": (request) => void Reflect.deleteProperty(at(request, "present"), "targets"),
  "nothing to sign": (request) => void Object.assign(request, { proposed: { releases: {} } }),
  "a purpose that steers the terminal": (request) =>
    void Object.assign(request, { purpose: "renew\u001b[2J" }),
  "a member that nobody knows": (request) => void Object.assign(request, { more: 1 }),
  "another format": (request) => void Object.assign(request, { format: "fairlead-signing-request-2" }),
};

/** The same for a request that somebody has signed. */
const TAMPERED_SIGNATURES: typeof TAMPERED = {
  "a signature that does not hold": set("proposed/root/signatures/0", { sig: "00".repeat(64) }),
  "a signature twice": (request) =>
    set("proposed/root/signatures", { 1: at(request, "proposed/root/signatures/0") })(request),
  "a signature of a stranger": set("proposed/root/signatures/0", { keyid: STRANGER }),
};

test("a request that says more than its description is refused by every holder, and says why", async (t) => {
  const fleet = await SampleFleet.create(t);
  const request = await fleet.request((holders, supply) => {
    const online = rotate(holders, supply, "online", undefined);
    return rotate(online.holders, supply, "releases-lantern", undefined);
  });
  const check = (text: string): void => requireSoundRequest(parseRequest(Buffer.from(text), "it"), fleet.now);
  const unsigned = encodeRequest(request);
  const signed = await signAs(fleet, 1, unsigned);
  const cases = [
    [unsigned.toString("utf8"), TAMPERED],
    [signed.toString("utf8"), TAMPERED_SIGNATURES],
  ] as const;
  for (const [sound, changes] of cases) {
    check(sound);
    for (const [name, tamper] of Object.entries(changes)) {
      const changed = JSON.parse(sound);
      tamper(changed);
      assert.notEqual(JSON.stringify(changed), JSON.stringify(JSON.parse(sound)), name);
      assert.throws(
        () => check(JSON.stringify(changed)),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, "keys/bad-request", name);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is what this looks for
          assert.doesNotMatch(error.message, /[\u0000-\u001f]/, name);
          return true;
        },
        name,
      );
    }
  }
});

test("what is no request, or too much of one, is refused as it is read", () => {
  const nested = `{"format":${"[".repeat(100)}${"]".repeat(100)}}`;
  for (const text of ["", "[]", "{}", "no JSON", nested, `"${"x".repeat(MAX_REQUEST_BYTES)}"`]) {
    assert.throws(() => parseRequest(Buffer.from(text), "it"), { code: "keys/bad-request" });
  }
});

test("the schema in schemas/ describes every request that is written", async (t) => {
  const fleet = await SampleFleet.create(t);
  const schema = JSON.parse(
    readFileSync(join(import.meta.dirname, "../../schemas/signing-request.schema.json"), "utf8"),
  );
  const validate = new Ajv({ strict: true, strictRequired: false }).compile(schema);
  const written = async (request: SigningRequest): Promise<unknown> =>
    JSON.parse((await signAs(fleet, 1, encodeRequest(request))).toString("utf8"));
  const content = await written(await fleet.request(rotateRelease));
  assert.ok(validate(content), JSON.stringify(validate.errors));
  assert.equal(validate({ ...Object(content), more: 1 }), false);
});
