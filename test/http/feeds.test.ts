import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { FleetServer } from "../fleet-api/fleet-server.ts";
import { run } from "../support/run-command.ts";
import { channel, NOW, release, sampleManifest } from "./sample-manifest.ts";
import { TestServer } from "./start-server.ts";

const HOSTILE = '<script>alert(1)</script> & "quotes" ]]> \u0007\u0000 \ud800 émile\r\nsecond line';

/** Reads Atom by python3's parser of XML, as RFC 4287 asks for it; fails where it is not well-formed. */
const READ_ATOM = `
import json, sys, xml.etree.ElementTree as tree
A = "{http://www.w3.org/2005/Atom}"
feed = tree.parse(sys.argv[1]).getroot()
assert feed.tag == A + "feed", feed.tag
def one(node, name):
    found = node.findall(A + name)
    assert len(found) == 1, (name, len(found))
    return found[0]
for node in [feed] + feed.findall(A + "entry"):
    for name in ("id", "title", "updated"): assert one(node, name).text
assert [link.get("rel") for link in feed.findall(A + "link")] == ["self"]
assert one(feed, "author").find(A + "name").text
print(json.dumps({
    "id": one(feed, "id").text, "title": one(feed, "title").text, "updated": one(feed, "updated").text,
    "self": feed.find(A + "link").get("href"),
    "entries": [{
        "id": one(entry, "id").text, "title": one(entry, "title").text, "updated": one(entry, "updated").text,
        "categories": [category.get("term") for category in entry.findall(A + "category")],
        "content": one(entry, "content").text, "type": one(entry, "content").get("type"),
    } for entry in feed.findall(A + "entry")],
}))
`;

interface ReadEntry {
  readonly id: string;
  readonly title: string;
  readonly updated: string;
  readonly categories: readonly string[];
  readonly content: string;
  readonly type: string;
}

async function readAtom(t: TestContext, text: string) {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-feed-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "feed.xml"), text);
  await writeFile(join(folder, "read.py"), READ_ATOM);
  const { code, stdout, stderr } = await run("python3", [
    "-B",
    join(folder, "read.py"),
    join(folder, "feed.xml"),
  ]);
  assert.equal(code, 0, stderr + text);
  return JSON.parse(stdout) as {
    readonly id: string;
    readonly title: string;
    readonly updated: string;
    readonly self: string;
    readonly entries: readonly ReadEntry[];
  };
}

const MANIFEST = {
  // The first root is for ever.
  metadata: { "1.root.json": '{"signed": {"_type": "root", "expires": "2030-01-01T00:00:00Z"}}' },
  releases: [
    release("1.0.0", { active: false }),
    release("1.1.0", { releaseNotes: "Second." }),
    release("1.2.0", { severity: "security", releaseNotes: HOSTILE }),
  ],
  policy: {
    channels: {
      "stable-eu": channel("1.2.0", ["1.1.0", "1.0.0"]),
      beta: channel("1.2.0", ["1.1.0"], { halted: { reason: "12 of acme's 40 machines fail", at: NOW } }),
      later: channel("1.2.0", ["1.1.0"], {
        rollout: { strategy: "steps" as const, waves: [{ ppm: 1_000_000, after: 0 }], startsAt: NOW + 60 },
      }),
    },
  },
};

test("a channel's feed is good Atom, with release notes from outside as they are and security marked", async (t) => {
  const server = await TestServer.start(t, sampleManifest(MANIFEST), {
    publicOrigin: "https://releases.acme.example",
  });
  const answer = await server.get("/feeds/lantern/stable-eu.atom");
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "application/atom+xml; charset=utf-8");
  assert.equal(answer.headers.get("cache-control"), "public, max-age=300");
  const feed = await readAtom(t, await answer.text());
  assert.equal(feed.title, "lantern: stable-eu");
  assert.equal(feed.self, "https://releases.acme.example/feeds/lantern/stable-eu.atom");
  assert.deepEqual(
    feed.entries.map(({ title, categories, type }) => [title, categories, type]),
    [
      ["[security] lantern 1.2.0", ["security"], "text"],
      ["lantern 1.1.0", [], "text"],
      ["[withdrawn] lantern 1.0.0", [], "text"],
    ],
  );
  assert.equal(
    feed.entries[0]?.content,
    '<script>alert(1)</script> & "quotes" ]]> \ufffd\ufffd \ufffd émile\r\nsecond line',
  );
  assert.equal(feed.updated, feed.entries[0]?.updated);
  for (const { id } of [feed, ...feed.entries]) {
    assert.match(id, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
  assert.equal(new Set(feed.entries.map(({ id }) => id)).size, 3);
});

test("JSON Feed says the same with the same ids, and both stay the same over a new publication", async (t) => {
  const server = await TestServer.start(t, sampleManifest(MANIFEST));
  const atom = await readAtom(t, await (await server.get("/feeds/lantern/stable-eu.atom")).text());
  const answer = await server.get("/feeds/lantern/stable-eu.json");
  assert.equal(answer.headers.get("content-type"), "application/feed+json; charset=utf-8");
  const feed = (await answer.json()) as {
    version: string;
    feed_url: string;
    items: { id: string; title: string; content_text: string; tags?: string[] }[];
  };
  assert.equal(feed.version, "https://jsonfeed.org/version/1.1");
  assert.equal(feed.feed_url, `${server.url}/feeds/lantern/stable-eu.json`);
  assert.deepEqual(
    feed.items.map(({ id, title, tags = [] }) => [id, title, tags]),
    atom.entries.map(({ id, title, categories }) => [id, title, categories]),
  );
  await server.serve(sampleManifest({ ...MANIFEST, version: 8 }));
  const again = await server.get("/feeds/lantern/stable-eu.json");
  assert.equal(again.headers.get("etag"), answer.headers.get("etag"));
});

test("who has the feed is told so, and one that has changed is sent", async (t) => {
  const server = await TestServer.start(t, sampleManifest(MANIFEST));
  const etag = (await server.get("/feeds/lantern/beta.atom")).headers.get("etag") ?? "";
  const unchanged = await server.get("/feeds/lantern/beta.atom", { "if-none-match": `W/${etag}` });
  assert.deepEqual([unchanged.status, await unchanged.text()], [304, ""]);
  assert.equal(unchanged.headers.get("etag"), etag);
  assert.equal((await server.get("/feeds/lantern/beta.atom", {}, "HEAD")).status, 200);
  const channels = { ...MANIFEST.policy.channels, beta: channel("1.1.0", ["1.2.0"]) };
  await server.serve(sampleManifest({ ...MANIFEST, version: 8, policy: { channels } }));
  assert.equal((await server.get("/feeds/lantern/beta.atom", { "if-none-match": etag })).status, 200);
});

test("a feed tells neither why a version is halted, nor what has not begun, nor of a channel that is none", async (t) => {
  const server = await TestServer.start(t, sampleManifest(MANIFEST));
  const beta = await (await server.get("/feeds/lantern/beta.json")).text();
  assert.match(beta, /\[security\] \[halted\] lantern 1\.2\.0/);
  assert.ok(!beta.includes("acme"), "the reason counts machines");
  const later = (await (await server.get("/feeds/lantern/later.json")).json()) as {
    items: { title: string }[];
  };
  assert.deepEqual(
    later.items.map(({ title }) => title),
    ["lantern 1.1.0"],
  );
  for (const path of [
    "lantern/none.atom",
    "none/stable.atom",
    "lantern/__proto__.json",
    "lantern/beta.rss",
    "lantern/beta",
  ]) {
    const { status } = await server.get(`/feeds/${path}`);
    assert.equal(status, 404, path);
  }
});

test("feeds can be for who shows a token, or for nobody", async (t) => {
  const guarded = await FleetServer.start(t, sampleManifest(MANIFEST), { feeds: "token" });
  const path = "/feeds/lantern/beta.atom";
  assert.equal((await guarded.ask(path, { token: null })).status, 401);
  assert.equal((await guarded.ask(path, { token: "wrong-token-of-somebody-else" })).status, 401);
  const viewer = await guarded.person("viewer", ["acme"]);
  const answer = await guarded.server.get(path, { authorization: `Bearer ${viewer}` });
  assert.deepEqual([answer.status, answer.headers.get("cache-control")], [200, "private, max-age=300"]);
  const off = await FleetServer.start(t, sampleManifest(MANIFEST), { feeds: "off" });
  assert.equal((await off.ask(path)).status, 404);
});
