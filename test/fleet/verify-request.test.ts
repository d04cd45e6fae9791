import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openDeviceSigner, readOrMakeDevice } from "../../agent/config/device-key.ts";
import { agentHome, makeHome } from "../../agent/home/agent-home.ts";
import { signDeviceRequest } from "../../agent/report/sign-request.ts";
import { requireAnswerTo } from "../../agent/report/verify-answer.ts";
import { ReplayGuard } from "../../controller/fleet/replay-guard.ts";
import { type ReceivedRequest, verifyRequest } from "../../controller/fleet/verify-request.ts";
import { buildRoot } from "../../controller/trust/build-trust.ts";
import { SigningKey } from "../../controller/trust/signing-key.ts";
import { signAnswer } from "../../protocol/http-signatures/answer-signature.ts";
import {
  HTTP_SIGNATURE_ERRORS,
  HttpSignatureError,
} from "../../protocol/http-signatures/http-signature-error.ts";
import type { SignedRequest } from "../../protocol/http-signatures/request-signature.ts";

const NOW = 1_800_000_000;
const REPOSITORY = "ab".repeat(32);
const CONTENT = { type: "application/json", bytes: Buffer.from('{"sequence":1}') };

const homes = mkdtempSync(join(tmpdir(), "fairlead-fleet-"));
after(() => rmSync(homes, { recursive: true }));

/** A device with its key in a home of its own. */
function makeDevice(name: string) {
  const home = agentHome(join(homes, name), {});
  makeHome(home);
  readOrMakeDevice(home);
  return openDeviceSigner(home);
}
const DEVICE = makeDevice("device");
const OTHER = makeDevice("other");
const ONLINE = SigningKey.generate("online");
const HOLDERS = { root: [ONLINE], targets: [ONLINE], threshold: 1, online: ONLINE, releases: new Map() };
const ROOT = buildRoot(HOLDERS, 1, NOW);

const findDevice = async (id: string) => [DEVICE, OTHER].find((device) => device.id === id);
const verifier = (now = NOW) => ({ now, repository: REPOSITORY, guard: new ReplayGuard(now), findDevice });

const checkIn = (url = new URL("https://updates.example/api/v1/check-in"), now = NOW) =>
  signDeviceRequest(DEVICE, { method: "POST", url, content: CONTENT, repository: REPOSITORY }, now);

const received = ({ message }: SignedRequest, content: Uint8Array = CONTENT.bytes): ReceivedRequest => ({
  method: message.method,
  target: message.target,
  fields: message.fields,
  content,
});

async function refusal(request: ReceivedRequest, by = verifier()): Promise<string> {
  const verdict = await verifyRequest(request, by);
  assert.equal(verdict.kind, "refused");
  return verdict.kind === "refused" ? verdict.error.code : "";
}

test("a request is of the device whose key signed it, once", async () => {
  const by = verifier();
  const sent = checkIn();
  const verdict = await verifyRequest(received(sent), by);
  assert.ok(verdict.kind === "verified", JSON.stringify(verdict));
  assert.equal(verdict.device.id, DEVICE.id);
  assert.equal(verdict.nonce, sent.nonce);
  assert.equal(await refusal(received(sent), by), "signature/replayed");
  assert.equal((await verifyRequest(received(checkIn()), by)).kind, "verified", "signed anew it is new");
});

test("two that come with one nonce at the same moment are not both taken", async () => {
  const by = verifier();
  const request = received(checkIn());
  const verdicts = await Promise.all([verifyRequest(request, by), verifyRequest(request, by)]);
  assert.deepEqual(verdicts.map(({ kind }) => kind).sort(), ["refused", "verified"]);
});

test("a device that nobody knows, another device's name and a broken key are refused", async () => {
  const stranger = makeDevice("stranger");
  const sign = (device: typeof DEVICE) =>
    received(
      signDeviceRequest(
        device,
        { method: "POST", url: new URL("https://a.example/x"), content: CONTENT, repository: REPOSITORY },
        NOW,
      ),
    );
  assert.equal(await refusal(sign(stranger)), "signature/unknown-key");
  assert.equal(await refusal(sign({ ...stranger, id: DEVICE.id })), "signature/not-verified");
  const broken = { ...verifier(), findDevice: async () => ({ ...DEVICE, publicKey: "00" }) };
  assert.equal(await refusal(sign(DEVICE), broken), "signature/unknown-key");
});

test("what does not hold uses up no nonce", async () => {
  const by = verifier();
  const sent = checkIn();
  const forged = received({ ...sent, message: { ...sent.message, target: "/api/v1/other" } });
  assert.equal(await refusal(forged, by), "signature/not-verified");
  assert.equal((await verifyRequest(received(sent), by)).kind, "verified");
});

test("nobody is asked for a key before the request is sound in itself", async () => {
  let asked = 0;
  const by = {
    ...verifier(),
    findDevice: async () => {
      asked++;
      return DEVICE;
    },
  };
  assert.equal(await refusal(received(checkIn(), Buffer.from("{}")), by), "signature/bad-digest");
  assert.equal(await refusal(received(checkIn(undefined, NOW - 301)), by), "signature/stale");
  assert.equal(asked, 0);
});

test("a full guard refuses with a status that says to come again, and one device's excess with another", async () => {
  const guard = (entries: number, perDevice: number) => new ReplayGuard(NOW, { entries, perDevice });
  const full = await refusal(received(checkIn()), { ...verifier(), guard: guard(0, 9) });
  assert.equal(full, "signature/guard-full");
  const tooMany = await refusal(received(checkIn()), { ...verifier(), guard: guard(9, 0) });
  assert.equal(tooMany, "signature/too-many");
  const statuses = [
    HTTP_SIGNATURE_ERRORS["signature/guard-full"],
    HTTP_SIGNATURE_ERRORS["signature/too-many"],
  ];
  assert.deepEqual(
    statuses.map(({ status }) => status),
    [503, 429],
  );
});

test("what the store throws is not taken for a refusal", async () => {
  const by = { ...verifier(), findDevice: () => Promise.reject(new Error("the store is gone")) };
  await assert.rejects(verifyRequest(received(checkIn()), by), /the store is gone/);
});

test("a request and its answer hold through a proxy that renames the host, and not through one that writes in them", async () => {
  const now = Math.floor(Date.now() / 1000);
  const by = verifier(now);
  const controller = await listen(async (incoming) => {
    const content = await bytesOf(incoming);
    const { method = "", url = "", headersDistinct: fields } = incoming;
    const verdict = await verifyRequest({ method, target: url, fields, content }, by);
    if (verdict.kind === "refused") {
      const { status } = HTTP_SIGNATURE_ERRORS[verdict.error.code];
      return { status, fields: {}, content: Buffer.from(verdict.error.code) };
    }
    const answer = { type: "application/json", bytes: Buffer.from('{"requests":[]}') };
    const fieldsOfAnswer = signAnswer(
      {
        status: 200,
        content: answer,
        request: verdict.request,
        nonce: verdict.nonce,
        device: verdict.device.id,
      },
      { created: now, keyid: ONLINE.keyid },
      (bytes) => ONLINE.signBytes(bytes),
    );
    return { status: 200, fields: fieldsOfAnswer, content: answer.bytes };
  });
  const proxy = (rewrite: (target: string) => string, answerWith = (content: Buffer) => content) =>
    listen(async (incoming) => {
      const headers = { ...incoming.headers, host: "controller.internal", via: "1.1 proxy" };
      const url = new URL(rewrite(incoming.url ?? ""), controller);
      const answer = await send(url, incoming.method ?? "", headers, await bytesOf(incoming));
      return { ...answer, content: answerWith(answer.content) };
    });

  const exchange = async (base: URL) => {
    const url = new URL("/api/v1/check-in?full=1", base);
    const sent = checkIn(url, now);
    const answer = await send(url, "POST", sent.fields, CONTENT.bytes);
    return { sent, answer };
  };
  const believe = ({ sent, answer }: Awaited<ReturnType<typeof exchange>>) =>
    requireAnswerTo(sent, answer, answer.content, ROOT);

  believe(await exchange(controller));
  believe(await exchange(await proxy((target) => target)));
  const renamed = await exchange(await proxy((target) => `/fleet${target}`));
  assert.equal(renamed.answer.status, 401);
  assert.equal(renamed.answer.content.toString(), "signature/not-verified");
  assert.throws(
    () => believe(renamed),
    HttpSignatureError,
    "a refusal is unsigned, and asks nothing of a device",
  );
  const rewritten = await exchange(
    await proxy(
      (target) => target,
      () => Buffer.from('{"requests":[1]}'),
    ),
  );
  assert.throws(
    () => believe(rewritten),
    (error) => error instanceof HttpSignatureError && error.code === "signature/bad-digest",
  );
});

test("an answer of another key than the online one is not believed", () => {
  const sent = checkIn();
  const answerOf = (key: SigningKey) =>
    signAnswer(
      { status: 200, content: CONTENT, request: sent.message, nonce: sent.nonce, device: DEVICE.id },
      { created: NOW, keyid: key.keyid },
      (bytes) => key.signBytes(bytes),
    );
  const believe = (key: SigningKey, root = ROOT) =>
    requireAnswerTo(sent, { status: 200, fields: answerOf(key) }, CONTENT.bytes, root);
  believe(ONLINE);
  const unknown = (error: unknown) =>
    error instanceof HttpSignatureError && error.code === "signature/unknown-key";
  assert.throws(() => believe(SigningKey.generate("online")), unknown);
  const release = SigningKey.generate("targets");
  assert.throws(() => believe(release, buildRoot({ ...HOLDERS, targets: [release] }, 2, NOW)), unknown);
});

interface Answer {
  readonly status: number;
  readonly fields: Readonly<Record<string, string | string[] | undefined>>;
  readonly content: Buffer;
}

async function listen(answer: (incoming: IncomingMessage) => Promise<Answer>): Promise<URL> {
  const server: Server = createServer((incoming, outgoing) => {
    answer(incoming).then(({ status, fields, content }) => {
      for (const [name, value] of Object.entries(fields)) {
        if (value !== undefined && name !== "content-length") outgoing.setHeader(name, value);
      }
      outgoing.writeHead(status).end(content);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.close().closeAllConnections());
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return new URL(`http://127.0.0.1:${address.port}`);
}

async function send(url: URL, method: string, headers: object, content: Uint8Array): Promise<Answer> {
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, { method, headers: { ...headers } }, resolve)
      .on("error", reject)
      .end(content);
  });
  return {
    status: incoming.statusCode ?? 0,
    fields: incoming.headersDistinct,
    content: await bytesOf(incoming),
  };
}

async function bytesOf(incoming: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  return Buffer.concat(parts);
}
