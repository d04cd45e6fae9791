import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { run, runOk } from "../../support/run-command.ts";

/** A vendor's OpenPGP key, made by gpg in a folder of its own. */
export class SigningKey {
  readonly home: string;

  private constructor(home: string) {
    this.home = home;
  }

  static async make(t: TestContext): Promise<SigningKey> {
    // Short: the agent's socket is in it.
    const key = new SigningKey(mkdtempSync(join(tmpdir(), "fl-gpg-")));
    t.after(async () => {
      await run("gpgconf", ["--homedir", key.home, "--kill", "all"]);
      rmSync(key.home, { recursive: true, force: true });
    });
    const name = "Acme <releases@acme.example>";
    await runOk("gpg", [...key.options(), "--quick-generate-key", name, "rsa2048", "sign", "never"]);
    return key;
  }

  options(): readonly string[] {
    return ["--homedir", this.home, "--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback"];
  }

  async publicKey(file: string): Promise<void> {
    writeFileSync(file, await runOk("gpg", [...this.options(), "--armor", "--export"]));
  }
}
