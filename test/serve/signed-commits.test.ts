import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { StatusReport } from "../../controller/http/api/status-report.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { fairlead, lacks, runOk } from "../support/run-command.ts";
import { StateRepository } from "../support/state-repository.ts";
import { waitUntil } from "../support/wait-until.ts";
import { temporaryFolder } from "./serve-process.ts";

const needsSshKeygen = { skip: await lacks("ssh-keygen") };

test(
  "a commit that nobody allowed signed is held and shown, until its signer is listed",
  needsSshKeygen,
  async (t) => {
    const folder = await temporaryFolder(t);
    const publicKeys: Record<string, string> = {};
    for (const name of ["ada", "eve"]) {
      const path = join(folder, name);
      await runOk("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path]);
      publicKeys[name] = await readFile(`${path}.pub`, "utf8");
    }
    const allowed = join(folder, "allowed-signers");
    await writeFile(allowed, `ada@acme.example ${publicKeys.ada}`);

    const state = await StateRepository.create(t);
    const signAs = async (name: string): Promise<void> => {
      const settings = {
        "gpg.format": "ssh",
        "user.signingKey": join(folder, name),
        "commit.gpgSign": "true",
      };
      for (const [key, value] of Object.entries(settings)) {
        await runOk("git", ["config", key, value], { cwd: state.directory });
      }
    };
    await signAs("ada");
    await state.addVersion("1.0.0");
    await state.point("stable", "1.0.0");
    const signed = await state.commit("lantern 1.0.0");
    const flags = ["--dev-keys", "--require-signed-commits", "--allowed-signers", allowed];
    const controller = await ControllerProcess.start(t, state.directory, flags);
    await controller.serves(signed);

    const heldAs = (commit: string): Promise<StatusReport> =>
      waitUntil(`${commit} to be held`, async () => {
        const report = (await (await fetch(`${controller.url}/readyz`)).json()) as StatusReport;
        return report.reason?.includes(commit.slice(0, 10)) ? report : undefined;
      });
    await runOk("git", ["config", "commit.gpgSign", "false"], { cwd: state.directory });
    const unsignedCommit = await state.commit("not signed");
    const unsigned = await heldAs(unsignedCommit);
    assert.match(unsigned.reason ?? "", /is held because it has no signature/);
    assert.deepEqual([unsigned.ready, unsigned.commit], [true, signed], "the last good manifest stays");

    await signAs("ada");
    const onTop = await heldAs(await state.commit("signed, on top of what is not"));
    assert.match(
      onTop.reason ?? "",
      /is held because of commit [0-9a-f]{10}, which comes with it: it has no sign/,
    );
    assert.equal(onTop.commit, signed, "one signature does not vouch for what others did before");
    const exportTo = (name: string) => {
      const folders = ["--out", join(folder, name), "--state-dir", join(folder, `${name}-state`)];
      return fairlead(["export", "--repo", state.directory, ...folders, ...flags]);
    };
    const exported = await exportTo("on-top");
    assert.equal(exported.code, 0, "where nothing was exported before, the tip is judged");
    await runOk("git", ["reset", "-q", "--hard", unsignedCommit], { cwd: state.directory });
    const refused = await exportTo("unsigned");
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^error\[publish\/refused\]: .* is held because it has no signature/);
    await runOk("git", ["reset", "-q", "--hard", signed], { cwd: state.directory });

    await signAs("eve");
    const byStranger = await state.commit("signed by a stranger");
    assert.match((await heldAs(byStranger)).reason ?? "", /nobody who may sign holds the key SHA256:/);
    const accepted = await fairlead(["accept", byStranger, "--state-dir", controller.stateDirectory]);
    assert.equal(accepted.code, 1, "there is no rewind to accept");
    const shown = await fairlead(["status", "--server", controller.url]);
    assert.equal(shown.code, 1);
    assert.match(
      shown.stdout,
      /^degraded[\s\S]*is held because nobody who may sign/,
      "accepting is not signing",
    );
    assert.match(controller.output, /"event":"commit.held".*"cause":"signature"/);

    await writeFile(allowed, `ada@acme.example ${publicKeys.ada}eve@acme.example ${publicKeys.eve}`);
    await controller.serves(byStranger);
  },
);
