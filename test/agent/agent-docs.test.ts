import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { KEYS } from "../../agent/config/config-keys.ts";
import { ARTIFACT_FORMATS } from "../../protocol/release.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/agent.md"), "utf8");
const WORDS = new Set(PAGE.match(/(?<=`)[a-zA-Z_]+(?=`)/g));

test("docs/agent.md names every key of config.yaml and every format", () => {
  assert.deepEqual(
    [...KEYS, ...ARTIFACT_FORMATS].filter((word) => !WORDS.has(word)),
    [],
  );
});
