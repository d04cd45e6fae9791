import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { createLog } from "../../controller/serve/log.ts";
import { loadPage } from "../../controller/serve/page/load-page.ts";
import { findPage } from "../../controller/serve/page/page-place.ts";
import { preparedPage } from "../../controller/serve/page/prepared-page.ts";
import { TOP } from "../support/run-command.ts";

/** Bytes of everything that a first look at the page loads, compressed. */
const MOST_BYTES = 100_000;

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "fairlead-page-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("a first look at the page loads less than 100 kB, from this address alone", async () => {
  const { document, parts } = await loadPage();
  const bytes = [document, ...parts].map(({ encoded }) => encoded.br?.length ?? encoded.identity.length);
  const total = bytes.reduce((sum, each) => sum + each, 0);
  assert.ok(total < MOST_BYTES, `${total} bytes`);
  for (const { name, encoded } of parts) {
    const elsewhere = [...encoded.identity.toString().matchAll(/https?:\/\/[^\s"'`)]+/g)].map(([url]) => url);
    assert.deepEqual(
      elsewhere.filter((url) => !url.startsWith("http://www.w3.org/")),
      [],
      name,
    );
  }
});

test("the document has no script and no style of its own, and asks for files that there are", async () => {
  const { document, parts } = await loadPage();
  const html = document.encoded.identity.toString();
  assert.doesNotMatch(html, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
  const asked = [...html.matchAll(/\/page\/([^"]+)/g)].map(([, name]) => name);
  assert.ok(asked.length >= 4);
  assert.deepEqual(asked.toSorted(), parts.map(({ name }) => name).toSorted());
  for (const { name } of parts) assert.match(name, /^[a-z]+-[0-9A-Z]{8}\.(?:js|css|svg)$/);
});

test("a page that was built ahead is taken as it is, without the bundler", async (t) => {
  const top = temporaryFolder(t);
  mkdirSync(join(top, "page"));
  mkdirSync(join(top, "chunks"));
  writeFileSync(join(top, "package.json"), "{}");
  writeFileSync(join(top, "page", "index.html"), "<!doctype html>");
  writeFileSync(join(top, "page", "main-AAAAAAAA.js"), "1");
  const place = findPage(join(top, "chunks"));
  assert.deepEqual(place, { kind: "built", folder: join(top, "page") });
  const { document, parts } = await loadPage(place);
  assert.equal(document.encoded.identity.toString(), "<!doctype html>");
  assert.deepEqual(
    parts.map(({ name, contentType }) => [name, contentType]),
    [["main-AAAAAAAA.js", "text/javascript; charset=utf-8"]],
  );
});

test("a page that cannot be built is said so once, and is no error of anything else", async (t) => {
  const top = temporaryFolder(t);
  cpSync(join(TOP, "dashboard"), join(top, "dashboard"), { recursive: true });
  writeFileSync(join(top, "package.json"), "{}");
  writeFileSync(join(top, "dashboard", "main.tsx"), "const = 1;");
  const lines: string[] = [];
  const log = createLog("info");
  t.mock.method(log, "warn", (_fields: unknown, text: string) => void lines.push(text));
  const page = preparedPage(log, () => loadPage(findPage(join(top, "dashboard"))));
  assert.deepEqual(await Promise.all([page(), page()]), [undefined, undefined]);
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? "", /browsers get a text in place of the page/);
});
