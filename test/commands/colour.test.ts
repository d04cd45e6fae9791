import assert from "node:assert/strict";
import { test } from "node:test";
import { colourDiff, isColoured } from "../../controller/commands/colour.ts";

test("text is coloured on a terminal only, unless NO_COLOR or FORCE_COLOR says otherwise", () => {
  const terminal = { isTTY: true };
  assert.equal(isColoured(terminal, {}), true);
  assert.equal(isColoured({}, {}), false);
  assert.equal(isColoured(terminal, { NO_COLOR: "1" }), false);
  assert.equal(isColoured(terminal, { NO_COLOR: "" }), true, "an empty NO_COLOR is none");
  assert.equal(isColoured({}, { FORCE_COLOR: "1" }), true);
  assert.equal(isColoured(terminal, { FORCE_COLOR: "0" }), false);
  assert.equal(isColoured({}, { FORCE_COLOR: "1", NO_COLOR: "1" }), false);
});

test("a diff has its headers, places, and what goes and comes in colours, and no other byte changes", () => {
  const diff = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n";
  const painted = colourDiff(diff);
  assert.equal(
    painted,
    "\u001b[1m--- a/x\u001b[0m\n\u001b[1m+++ b/x\u001b[0m\n\u001b[36m@@ -1,2 +1,2 @@\u001b[0m\n same\n\u001b[31m-old\u001b[0m\n\u001b[32m+new\u001b[0m\n",
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  assert.equal(painted.replaceAll(/\u001b\[\d+m/g, ""), diff);
});
