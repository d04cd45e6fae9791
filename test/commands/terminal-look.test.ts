import assert from "node:assert/strict";
import { test } from "node:test";
import { terminalLook } from "../../controller/commands/terminal-look.ts";

test("a terminal says how wide it is; a pipe has 80 columns, and so has a terminal that does not know", () => {
  assert.equal(terminalLook({ isTTY: true, columns: 43 }, {}, "linux").columns, 43);
  assert.equal(terminalLook({}, {}, "linux").columns, 80);
  assert.equal(terminalLook({ isTTY: true, columns: 0 }, {}, "linux").columns, 80);
});

test("blocks and lines are drawn where the locale has them, and the first variable that is set decides", () => {
  const shows = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = "linux") =>
    terminalLook({}, env, platform).isUnicode;
  assert.equal(shows({ LANG: "de_DE.UTF-8" }), true);
  assert.equal(shows({ LANG: "C.utf8" }), true);
  assert.equal(shows({ LANG: "de_DE.UTF-8", LC_ALL: "C" }), false);
  assert.equal(shows({ LANG: "C", LC_ALL: "", LC_CTYPE: "en_US.UTF-8" }), true);
  assert.equal(shows({ LANG: "de_DE.ISO-8859-1" }), false);
  assert.equal(shows({}), false, "that is the POSIX locale");
  assert.deepEqual([shows({}, "win32"), shows({}, "darwin")], [true, true]);
});

test("colours are for terminals, unless NO_COLOR says no", () => {
  assert.equal(terminalLook({ isTTY: true }, {}, "linux").isColoured, true);
  assert.equal(terminalLook({ isTTY: true }, { NO_COLOR: "1" }, "linux").isColoured, false);
  assert.equal(terminalLook({}, {}, "linux").isColoured, false);
});
