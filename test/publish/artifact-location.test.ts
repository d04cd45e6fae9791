import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { mergePacks } from "../../controller/publish/store/stored-packs.ts";
import { readArtifactLocation, writeArtifactLocation } from "../../controller/state/artifact-location.ts";

test("a URL leads away, and a path lies in the artifact folder, whether it names that folder or not", () => {
  const external = { kind: "external", url: "HTTPS://dl.acme.example/artifacts/x" };
  assert.deepEqual(readArtifactLocation("HTTPS://dl.acme.example/artifacts/x"), external);
  for (const url of ["artifacts/agent-1.0.0", "./artifacts/agent-1.0.0", "agent-1.0.0"]) {
    assert.deepEqual(readArtifactLocation(url), { kind: "hosted", path: "agent-1.0.0" }, url);
  }
});

test("whatever the store writes of a location is read as that location", () => {
  const part = fc.constantFrom("artifacts", ".", "..", "a", "https:", "", "b.tar.gz");
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const location = readArtifactLocation(parts.join("/"));
      assert.deepEqual(readArtifactLocation(writeArtifactLocation(location)), location);
    }),
  );
});

test("a pack of an earlier controller, with paths as version files name them, leads to the same files", () => {
  const artifactPaths = { "releases/a/1/linux-x64/a": "artifacts/a-1", "releases/a/2/linux-x64/b": "b-2" };
  const pack = { root: 1, artifactPaths, metadata: new Map(), documents: [] };
  const { hosted } = mergePacks([pack], Buffer.from("{}"));
  assert.deepEqual(
    [...hosted.values()],
    [
      { kind: "hosted", path: "a-1" },
      { kind: "hosted", path: "b-2" },
    ],
  );
});
