import assert from "node:assert/strict";
import { test } from "node:test";
import { forgeLinks, forgeOf, requestUrl } from "../../controller/forge/forge.ts";

function urlFor(remote: string): string | undefined {
  const forge = forgeOf(remote);
  return forge === undefined ? undefined : requestUrl(forge, "fix/a b", "main");
}

test("every form of a remote's address leads to the page that opens the request", () => {
  const github = "https://github.com/acme/fleet/compare/main...fix/a%20b?expand=1";
  for (const remote of [
    "https://github.com/acme/fleet.git",
    "https://token@github.com/acme/fleet",
    "git@github.com:acme/fleet.git",
    "ssh://git@github.com:22/acme/fleet.git",
  ]) {
    assert.equal(urlFor(remote), github, remote);
  }
});

test("each forge has its own page, also on a host of its own", () => {
  assert.equal(
    urlFor("git@gitlab.acme.example:ops/edge/fleet.git"),
    "https://gitlab.acme.example/ops/edge/fleet/-/merge_requests/new?" +
      "merge_request%5Bsource_branch%5D=fix%2Fa+b&merge_request%5Btarget_branch%5D=main",
  );
  assert.equal(
    urlFor("https://gitea.acme.example:3000/ops/fleet.git"),
    "https://gitea.acme.example:3000/ops/fleet/compare/main...fix/a%20b",
  );
});

test("what is not on a forge that we know has no page", () => {
  for (const remote of [
    "../remote.git",
    "/srv/git/fleet.git",
    "https://git.acme.example/fleet.git",
    "C:\\git\\fleet",
    "",
  ]) {
    assert.equal(urlFor(remote), undefined, remote);
  }
});

test("each forge shows commits, lines and branches at pages of its own, which hold no credentials", () => {
  const linksOf = (remote: string) => {
    const forge = forgeOf(remote);
    return forge === undefined ? undefined : forgeLinks(forge);
  };
  assert.deepEqual(linksOf("https://ada:secret@github.com/acme/fleet.git"), {
    commit: "https://github.com/acme/fleet/commit/{commit}",
    file: "https://github.com/acme/fleet/blob/{commit}/{path}",
    line: "https://github.com/acme/fleet/blob/{commit}/{path}#L{line}",
    branch: "https://github.com/acme/fleet/tree/{branch}",
  });
  assert.equal(
    linksOf("git@gitlab.acme.example:ops/fleet.git")?.line,
    "https://gitlab.acme.example/ops/fleet/-/blob/{commit}/{path}#L{line}",
  );
  assert.equal(
    linksOf("https://codeberg.org/acme/fleet.git")?.line,
    "https://codeberg.org/acme/fleet/src/commit/{commit}/{path}#L{line}",
  );
});
