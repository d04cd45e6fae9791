import assert from "node:assert/strict";
import { test } from "node:test";
import { readPolicy } from "../../../agent/formats/deb/apt-policy.ts";
import { changedFilesIn, dpkgFailure } from "../../../agent/formats/deb/dpkg-output.ts";
import { rpmFailure } from "../../../agent/formats/rpm/rpm-output.ts";

test("a scriptlet that fails is a failure, though rpm ends with 0 and calls it a warning", () => {
  const shell = "warning: %post(lantern-1.1.0-1.x86_64) scriptlet failed, exit status 3\n";
  assert.equal(rpmFailure(shell, 0), "package-script-failed");
  const lua = 'error: lua script failed: [string "%post(lantern-1.1.0-1.x86_64)"]:1: no database here\n';
  assert.equal(rpmFailure(lua, 0), "package-script-failed");
  assert.equal(rpmFailure("warning: lantern.rpm: Header V4 RSA/SHA256 Signature\n", 0), undefined);
  const needs = "error: Failed dependencies:\n\toil >= 2 is needed by lantern-1.1.0-1.x86_64\n";
  assert.equal(rpmFailure(needs, 1), "new-dependency");
  assert.equal(rpmFailure("error: something else\n", 1), "package-manager-failed");
});

test("what dpkg says is told apart: whose lock, whose file, whose script", () => {
  const lock = "dpkg: error: dpkg frontend lock was locked by another process with pid 7\n";
  assert.equal(dpkgFailure(lock, 2), "packages-locked");
  const overwrite = " trying to overwrite '/opt/can', which is also in package oil 2.0\n";
  assert.equal(dpkgFailure(overwrite, 1), "package-conflict");
  const script =
    "installed lantern package post-installation script subprocess returned error exit status 3\n";
  assert.equal(dpkgFailure(script, 1), "package-script-failed");
  assert.equal(dpkgFailure("anything\n", 0), undefined);
});

test("of what dpkg verifies, changed and missing files count, and neither configuration nor what may not be looked at", () => {
  const output = [
    "??5??????   /opt/lantern/lantern",
    "??5?????? c /etc/lantern.conf",
    "missing     /opt/lantern/gone",
    "missing     /opt/lantern/own/key (Permission denied)",
    "?????????   /opt/lantern/unreadable",
  ];
  assert.deepEqual(changedFilesIn(`${output.join("\n")}\n`), ["/opt/lantern/lantern", "/opt/lantern/gone"]);
});

test("a version that is installed and in no repository has no source", () => {
  const { versions, pin } = readPolicy(`lantern:
  Installed: 1.0.0-1
  Candidate: 1.1.0-1
  Package pin: 1.1.0-1
  Version table:
     1.1.0-1 500
        500 http://127.0.0.1:8080 ./ Packages
 *** 1.0.0-1 100
        100 /var/lib/dpkg/status
`);
  assert.deepEqual(versions.get("1.1.0-1"), { priority: 500, sources: 1 });
  assert.deepEqual(versions.get("1.0.0-1"), { priority: 100, sources: 0 });
  assert.equal(pin, "1.1.0-1");
});
