import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
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
