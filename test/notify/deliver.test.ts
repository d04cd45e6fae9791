import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { PostClient } from "../../controller/call-out/post-json.ts";
import { isPrivateAddress } from "../../controller/call-out/private-address.ts";
import { deliver } from "../../controller/notify/deliver.ts";
import type { News } from "../../controller/notify/fact.ts";
import { messageOf } from "../../controller/notify/message.ts";
import type { Delivery } from "../../controller/notify/outbox.ts";
import type { MailWay, Receiver, Way } from "../../controller/notify/receiver.ts";
import { makePrivateAuthority } from "../support/private-authority.ts";
import { ReceiverServer } from "./receiver-server.ts";
import { SmtpServer } from "./smtp-server.ts";

const T = 1_800_000_000;
const NEWS: News = {
  ...{ id: "0123456789abcdef", thread: "fedcba9876543210", event: "refused", phase: "began" },
  ...{ subject: { commit: "c".repeat(40) }, at: T, page: `/history/${"c".repeat(40)}` },
  title: "commit cccccccccc is refused: 1 mistake",
  lines: ["tenants/acme.yaml:3: <!channel> @here [a](http://evil.example) & `x`"],
};

async function send(t: TestContext, way: Way, timeLimitMs?: number, authorities?: string): Promise<Delivery> {
  const web = new PostClient(authorities, timeLimitMs);
  t.after(() => web.close());
  const receiver: Receiver = { name: "ops", way, route: {}, repeatAfter: null, burst: 10 };
  const message = messageOf([NEWS], "https://releases.acme.example");
  const parts = { web, authorities, source: "https://releases.acme.example" };
  return deliver(receiver, message, parts, T, new AbortController().signal);
}

function webhook(url: string): Way {
  return { kind: "webhook", url, allowPrivate: true };
}

test("what a receiver answers decides: taken, never, or later, and for how long", async (t) => {
  const receiver = await ReceiverServer.start(t);
  const cases = [
    [204, "delivered"],
    [400, "refused"],
    [410, "refused"],
    [401, "failed"],
    [404, "failed"],
    [500, "failed"],
  ] as const;
  for (const [status, kind] of cases) {
    receiver.answer = (_, response) => response.writeHead(status).end();
    assert.equal((await send(t, webhook(receiver.url))).kind, kind, String(status));
  }
  receiver.answer = (_, response) =>
    response.writeHead(429, { "retry-after": "77" }).end("slow\x1b[31m down");
  assert.deepEqual(await send(t, webhook(receiver.url)), {
    ...{ kind: "failed", why: "it answers 429: slow?[31m down", retryAfter: 77 },
  });
});

test("a redirect to another host is not followed, and nothing is sent there", async (t) => {
  const receiver = await ReceiverServer.start(t);
  const other = await ReceiverServer.start(t);
  receiver.answer = (_, response) => response.writeHead(307, { location: `${other.url}/in` }).end();
  const sent = await send(t, webhook(receiver.url));
  assert.match(sent.kind === "failed" ? sent.why : "", /307: sends elsewhere, and no redirect is followed/);
  assert.equal(other.got.length, 0);
});

test("an answer without an end, and one that never comes, hold nobody up", async (t) => {
  const receiver = await ReceiverServer.start(t);
  let written = 0;
  receiver.answer = (_, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write("x".repeat(16_384))) written += 16_384;
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  };
  assert.equal((await send(t, webhook(receiver.url))).kind, "delivered", "the status said it all");
  assert.ok(written < 64 * 1024 * 1024);
  receiver.answer = () => undefined;
  const hung = await send(t, webhook(receiver.url), 300);
  assert.match(
    hung.kind === "failed" ? hung.why : "",
    /`127\.0\.0\.1:\d+` cannot be reached: no answer within 0\.3 s/,
  );
});

test("a host at a private address is asked only where that is allowed, by number and by name", async (t) => {
  const receiver = await ReceiverServer.start(t);
  const { port } = new URL(receiver.url);
  for (const host of ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"]) {
    const sent = await send(t, { kind: "webhook", url: `http://${host}:${port}/`, allowPrivate: false });
    assert.match(sent.kind === "failed" ? sent.why : "delivered", /private one/, host);
  }
  assert.equal(receiver.got.length, 0);
  for (const address of [
    "10.1.2.3",
    "169.254.169.254",
    "fd00::1",
    "::ffff:10.0.0.1",
    "fe80::1",
    "nonsense",
  ]) {
    assert.equal(isPrivateAddress(address), true, address);
  }
  for (const address of ["93.184.215.14", "2606:4700::1111"]) assert.equal(isPrivateAddress(address), false);
});

test("a chat message mentions nobody, links nowhere and shows what came from outside as it is", async (t) => {
  const receiver = await ReceiverServer.start(t);
  assert.equal(
    (await send(t, { kind: "slack", url: `${receiver.url}/T0/B0/x`, allowPrivate: true })).kind,
    "delivered",
  );
  const [event] = receiver.events;
  const { text, blocks, link_names, unfurl_links } = event as {
    text: string;
    blocks: { type: string; text: { type: string; text: string } }[];
    link_names: boolean;
    unfurl_links: boolean;
  };
  assert.deepEqual([link_names, unfurl_links], [false, false]);
  const [outside, own] = text.split("\n<https://releases.acme.example/history/");
  assert.match(own ?? "", /^c{40}\|open the page>$/);
  assert.ok(outside !== undefined);
  assert.doesNotMatch(outside, /[<>]|@[a-z]|\]\(|:\/\//);
  assert.match(outside, /&lt;!channel&gt;/);
  const types = blocks.map((block) => [block.type, block.text.type]);
  assert.deepEqual(types, [
    ["header", "plain_text"],
    ["section", "plain_text"],
    ["section", "mrkdwn"],
  ]);
  assert.equal(blocks[1]?.text.text, NEWS.lines[0], "plain text needs no escape, and gets none");
  assert.match(
    blocks[2]?.text.text ?? "",
    /^<https:\/\/releases\.acme\.example\/history\/c{40}\|open the page>$/,
  );
});

async function authority(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-mail-"));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  return makePrivateAuthority(folder);
}

function mail(port: number, more: Partial<MailWay> = {}): MailWay {
  return {
    ...{ kind: "mail", host: "localhost", port, security: "starttls" },
    ...{ from: "fairlead@acme.example", to: ["ops@acme.example", "ada@acme.example"] },
    ...{ user: "fairlead", password: "right", ...more },
  };
}

test("a mail goes by STARTTLS with a login, as plain text, with an id that stays", async (t) => {
  const trusted = await authority(t);
  const server = await SmtpServer.start(t, { authority: trusted });
  for (let attempt = 0; attempt < 2; attempt++) {
    assert.deepEqual(await send(t, mail(server.port), undefined, trusted.caFile), { kind: "delivered" });
  }
  const [first, second] = server.got;
  assert.ok(first !== undefined && second !== undefined);
  assert.deepEqual([first.isEncrypted, first.login], [true, "fairlead right"]);
  assert.deepEqual(
    [first.from, first.to],
    ["fairlead@acme.example", ["ops@acme.example", "ada@acme.example"]],
  );
  assert.match(first.data, /^Subject: \[Fairlead\] commit cccccccccc is refused: 1 mistake\r$/m);
  assert.match(first.data, /^Message-ID: <0123456789abcdef@fairlead>\r$/m);
  assert.match(first.data, /^References: <fedcba9876543210@fairlead>\r$/m);
  assert.match(first.data, /^Auto-Submitted: auto-generated\r$/m);
  assert.match(first.data, /^Content-Type: text\/plain/m);
  assert.match(first.data, /tenants\/acme\.yaml:3:/);
  assert.match(second.data, /^Message-ID: <0123456789abcdef@fairlead>\r$/m);
});

test("no word goes to a mail server without TLS, with a certificate that nobody trusts, or with a wrong password", async (t) => {
  const trusted = await authority(t);
  const plain = await SmtpServer.start(t);
  const unencrypted = await send(t, mail(plain.port));
  assert.equal(unencrypted.kind, "failed");
  assert.ok(!plain.commands.includes("AUTH") && !plain.commands.includes("MAIL"), plain.commands.join());
  const strange = await SmtpServer.start(t, { authority: trusted });
  assert.equal((await send(t, mail(strange.port))).kind, "failed");
  assert.deepEqual([strange.got, strange.commands.includes("MAIL")], [[], false]);
  const wrong = await send(t, mail(strange.port, { password: "wr0ng-secret" }), undefined, trusted.caFile);
  assert.equal(wrong.kind, "failed", "somebody may mend the password");
  assert.ok(wrong.kind === "failed" && !wrong.why.includes("wr0ng-secret"));
});

test("a recipient that a mail server will never take is given up, one that it may take later is tried again", async (t) => {
  const trusted = await authority(t);
  for (const [recipient, kind] of [
    ["550 5.1.1 nobody", "refused"],
    ["451 4.7.1 grey", "failed"],
  ] as const) {
    const server = await SmtpServer.start(t, { authority: trusted, recipient });
    assert.equal((await send(t, mail(server.port), undefined, trusted.caFile)).kind, kind);
  }
});

test("a mail server that says nothing keeps no controller from stopping", async (t) => {
  const server = await SmtpServer.start(t, { isSilent: true });
  const web = new PostClient(undefined);
  t.after(() => web.close());
  const way = mail(server.port);
  const receiver: Receiver = { name: "ops", way, route: {}, repeatAfter: null, burst: 10 };
  const stop = new AbortController();
  const parts = { web, authorities: undefined, source: "urn:fairlead" };
  const sent = deliver(receiver, messageOf([NEWS], undefined), parts, T, stop.signal);
  stop.abort();
  assert.deepEqual(await sent, { kind: "failed", why: "`localhost`: the controller stops" });
});
