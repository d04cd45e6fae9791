import assert from "node:assert/strict";
import { test } from "node:test";
import { locateSource } from "../../controller/serve/locate-source.ts";

test("a state root is taken as a person writes it: a dot is the top, and a slash at the end is nothing", () => {
  const url = "https://git.acme.example/fleet.git";
  for (const [named, path] of [
    [".", ""],
    ["./", ""],
    ["releases/", "releases"],
    ["./state/./fleet", "state/fleet"],
  ] as const) {
    assert.equal(locateSource(url, named).path, path, named);
    assert.equal(locateSource("/srv/git/fleet.git", named).path, path, named);
  }
  assert.equal(locateSource(url, undefined).path, undefined);
});
