import assert from "node:assert/strict";
import { test } from "node:test";
import { HttpError } from "../../controller/http/http-error.ts";
import { HostCheck } from "../../controller/http/known-hosts.ts";
import { sampleManifest } from "./sample-manifest.ts";
import { TestServer } from "./start-server.ts";

const names = new Set(["releases.acme.example"]);
const production = { names, development: false };

test("a page that has its own name resolve to this machine reads nothing", async (t) => {
  for (const hosts of [production, { names: new Set<string>(), development: true }]) {
    const server = await TestServer.start(t, sampleManifest(), { hosts });
    for (const host of [
      "evil.example",
      "evil.example:8080",
      "releases.acme.example.evil.example",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "10.0.0.7",
      "[2001:db8::1]",
    ]) {
      for (const path of ["/tuf/timestamp.json", "/api/v1/status", "/metrics", "/nowhere"]) {
        const { status, body } = await server.ask(path, { host });
        assert.equal(status, 421, `${host} ${path}`);
        assert.equal((JSON.parse(body) as { code: string }).code, "http/unknown-host");
      }
    }
  }
});

test("the public name, loopback names and the address of the connection are known, with any port", async (t) => {
  const server = await TestServer.start(t, sampleManifest(), { hosts: production });
  for (const host of [
    "releases.acme.example",
    "RELEASES.acme.example:8443",
    "releases.acme.example.",
    "127.0.0.1",
    "localhost:8080",
    "fleet.localhost",
    "[::1]:8080",
  ]) {
    assert.equal((await server.ask("/tuf/timestamp.json", { host })).status, 200, host);
  }
});

test("answers name the public URL, whatever the request does", async (t) => {
  const publicOrigin = "https://releases.acme.example";
  const server = await TestServer.start(t, sampleManifest(), {
    hosts: production,
    publicOrigin,
    trustProxy: ["127.0.0.1"],
  });
  const path = "/api/v1/agent/latest?product=lantern&platform=linux-x64&channel=stable";
  const { body } = await server.ask(path, { "x-forwarded-host": "evil.example", host: "localhost" });
  assert.ok((JSON.parse(body) as { url: string }).url.startsWith(`${publicOrigin}/targets/`));
});

test("a host that was let through is let through on that address only, however many hosts were asked for", () => {
  const check = new HostCheck(production);
  const ask = (host: string, address: string | undefined) =>
    check.check(["Accept", "*/*", "Host", host], address);
  ask("10.0.0.7:8080", "10.0.0.7");
  ask("10.0.0.7:8080", "10.0.0.7");
  for (let index = 0; index < 200; index++) {
    ask(`releases.acme.example:${index}`, `10.0.0.${index}`);
    assert.throws(() => ask(`evil-${index}.example`, "10.0.0.7"), HttpError);
  }
  assert.throws(() => ask("10.0.0.7:8080", "10.0.0.8"), HttpError);
  ask("10.0.0.7:8080", "::ffff:10.0.0.7");
});
