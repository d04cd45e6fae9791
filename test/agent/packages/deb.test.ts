import assert from "node:assert/strict";
import { test } from "node:test";
import { whyNoPrivateMachine } from "../../support/private-machine.ts";
import { AptRepository } from "./apt-repository.ts";
import { lantern } from "./made-package.ts";
import { PackagedMachine } from "./packaged-machine.ts";

const skip = await whyNoPrivateMachine("apt-get", "dpkg-deb", "apt-ftparchive", "gpg", "flock");

test("a package is installed and updated from its vendor's repository", { skip }, async (t) => {
  const repository = await AptRepository.create(t);
  const packaged = await PackagedMachine.enrolled(t, "deb");
  await repository.addTo(packaged.machine);
  await repository.build(lantern("1.0.0-1"));
  await repository.publish();
  packaged.offer("1.0.0", { version: "1.0.0-1" });
  const first = await packaged.update();
  assert.equal(first.code, 0, first.stdout + first.stderr);
  assert.equal(await packaged.says(), "lantern 1.0.0");

  await repository.build(lantern("1.1.0-1"));
  await repository.publish();
  packaged.offer("1.1.0", { version: "1.1.0-1" });
  const second = await packaged.update();
  assert.equal(second.code, 0, second.stdout + second.stderr);
  assert.equal(await packaged.says(), "lantern 1.1.0");
  assert.deepEqual(packaged.status().previous?.id, "1.0.0-1");
  // The one to go back to, and the one that a later update goes back to.
  const kept = ["previous-1.0.0-1", "previous-1.1.0-1"].flatMap((file) => [file, `${file}.sha256`]);
  assert.deepEqual(packaged.staged(), kept);
});
