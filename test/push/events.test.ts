import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { FleetEvent } from "../../controller/fleet/fleet-event.ts";
import { DigestWriter, type EventDigest } from "../../controller/http/push/event-digest.ts";
import { EventLog } from "../../controller/http/push/event-log.ts";
import { Push } from "../../controller/http/push/push.ts";
import { TestServer } from "../http/start-server.ts";

async function nextEvents(response: Response, count: number): Promise<string[]> {
  const found: string[] = [];
  let text = "";
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  while (reader !== undefined && found.length < count) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
    for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
      const event = text.slice(0, end);
      text = text.slice(end + 2);
      if (event.includes("event:")) found.push(event);
    }
  }
  await reader?.cancel();
  return found;
}

async function start(t: TestContext): Promise<{ server: TestServer; push: Push }> {
  const push = new Push(
    async () => ({ kind: "refused", answer: { status: 401, headers: {}, body: "", result: "refused" } }),
    10,
  );
  t.after(() => push.close());
  const server = await TestServer.start(t, undefined, { push });
  return { server, push };
}

test("a page that comes back gets what it missed, in order", async (t) => {
  const { server, push } = await start(t);
  const first = await fetch(`${server.url}/api/v1/events`);
  push.report({ kind: "device", device: "d-one", tenant: "acme" });
  const [hello = "", one = ""] = await nextEvents(first, 2);
  assert.match(hello, /event: hello/);
  assert.match(one, /event: device\ndata: \{"kind":"device","device":"d-one","tenant":"acme"\}/);
  push.report({ kind: "device", device: "d-two", tenant: null });
  push.report({ kind: "device", device: "d-three", tenant: null });
  const [, id = ""] = /id: (\S+)/.exec(one) ?? [];
  const again = await fetch(`${server.url}/api/v1/events`, { headers: { "last-event-id": id } });
  const [two = "", three = ""] = await nextEvents(again, 2);
  assert.match(two, /d-two/);
  assert.match(three, /d-three/);
});

test("a page of an earlier run of the controller is told to ask for everything", async (t) => {
  const { server } = await start(t);
  const response = await fetch(`${server.url}/api/v1/events`, {
    headers: { "last-event-id": "0123456789ab-17" },
  });
  assert.match((await nextEvents(response, 1))[0] ?? "", /event: reload/);
});

test("the log keeps the newest events, and gives nobody those of another tenant", () => {
  const log = new EventLog();
  const start = log.newest;
  for (let device = 0; device < 10; device++) {
    log.add({ kind: "device", device: `d-${device}`, tenant: device % 2 === 0 ? "acme" : "globex" });
  }
  const missed = log.after(start, ["acme"]);
  assert.equal(missed.kind === "events" && missed.events.length, 5);
  for (let device = 0; device < 5_000; device++) log.add({ kind: "device", device: "d", tenant: null });
  assert.equal(log.after(start, null).kind, "unknown");
  assert.deepEqual(log.after(log.newest, null), { kind: "events", events: [] });
});

test("a page that asks for digests hears of a wave of reports once, and which machines it was about", async (t) => {
  const { server, push } = await start(t);
  const stream = await fetch(`${server.url}/api/v1/events?digest=true`);
  for (const device of ["d-one", "d-two", "d-one"]) {
    push.report({ kind: "device", device, tenant: null });
    push.report({ kind: "attempt", device, tenant: null, id: "x" });
  }
  const [hello = "", few = ""] = await nextEvents(stream, 2);
  assert.match(hello, /event: hello/);
  assert.match(few, /event: changes\ndata: \{"kinds":\["device","attempt"\],"devices":\["d-one","d-two"\]\}/);
  const [, id = ""] = /id: (\S+)/.exec(few) ?? [];
  for (let device = 0; device < 500; device++) {
    push.report({ kind: "device", device: `d-${device}`, tenant: null });
  }
  push.reportOutcome("refused", "bad0bad");
  push.reportOutcome("refused", "bad0bad");
  const again = await fetch(`${server.url}/api/v1/events?digest=true`, { headers: { "last-event-id": id } });
  const [many = ""] = await nextEvents(again, 1);
  assert.match(many, /event: changes\ndata: \{"kinds":\["device","commit"\]\}/);
});

test("a digest tells of no machine of another tenant", () => {
  const written: EventDigest[] = [];
  const digests = new DigestWriter((_id, digest) => void written.push(digest));
  const log = new EventLog();
  const events: readonly FleetEvent[] = [
    { kind: "device", device: "d-own", tenant: "acme" },
    { kind: "request", device: "d-foreign", tenant: "globex", id: "r", state: "asked" },
  ];
  const from = log.newest;
  for (const event of events) log.add(event);
  const seen = log.after(from, ["acme"]);
  assert.ok(seen.kind === "events");
  for (const event of seen.events) digests.add(event);
  return new Promise<void>((resolve) => {
    setTimeout(() => {
      digests.stop();
      assert.deepEqual(written, [{ kinds: ["device"], devices: ["d-own"] }]);
      resolve();
    }, 20);
  });
});

test("what became of a commit is told once", async (t) => {
  const { server, push } = await start(t);
  const stream = await fetch(`${server.url}/api/v1/events`);
  push.reportOutcome("refused", "bad0bad");
  push.reportOutcome("refused", "bad0bad");
  push.reportOutcome("published", "c4d1e07");
  const [, refused = "", published = ""] = await nextEvents(stream, 3);
  assert.match(refused, /event: commit\ndata: \{"kind":"commit","outcome":"refused","commit":"bad0bad"\}/);
  assert.match(published, /"outcome":"published","commit":"c4d1e07"/);
});
