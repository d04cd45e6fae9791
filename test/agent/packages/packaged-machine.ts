import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { agentHome } from "../../../agent/home/agent-home.ts";
import { JournalFile } from "../../../agent/life-cycle/journal-file.ts";
import type { AgentState } from "../../../agent/state/agent-state.ts";
import { StateFile } from "../../../agent/state/state-file.ts";
import { canonicalBytes } from "../../../protocol/canonical-json.ts";
import type { ReleasePackage } from "../../../protocol/release.ts";
import { PrivateMachine } from "../../support/private-machine.ts";
import { run } from "../../support/run-command.ts";
import { UpdateServer } from "../update-server.ts";
import { PROGRAM } from "./made-package.ts";

/** A private machine whose agent looks after a package, and the server that it is enrolled with. */
export class PackagedMachine {
  readonly machine: PrivateMachine;
  readonly server: UpdateServer;
  private readonly format: "deb" | "rpm";

  private constructor(machine: PrivateMachine, server: UpdateServer, format: "deb" | "rpm") {
    this.machine = machine;
    this.server = server;
    this.format = format;
  }

  static async enrolled(
    t: TestContext,
    format: "deb" | "rpm",
    settings: readonly string[] = [],
    prepare: (machine: PrivateMachine) => Promise<void> = async () => undefined,
  ): Promise<PackagedMachine> {
    const made = new PackagedMachine(await PrivateMachine.create(t), await UpdateServer.start(t), format);
    await prepare(made.machine);
    const { machine, server } = made;
    // Enrolment reads what the channel says; no machine can install that.
    server.promote("0.0.1");
    const enrolled = await machine.agent(
      ...["enroll", "--server", server.url, "--product", "lantern", "--install-path", PROGRAM],
      ...["--root-sha256", server.rootSha256],
    );
    if (enrolled.code !== 0) throw new Error(enrolled.stdout + enrolled.stderr);
    made.configure(`format: ${format}`, "package: lantern", ...settings);
    return made;
  }

  configure(...lines: readonly string[]): void {
    const config = join(this.machine.home, "config.yaml");
    writeFileSync(config, `${readFileSync(config, "utf8")}${lines.join("\n")}\n`);
  }

  /** Signs a version that the package manager fetches, and points the channel to it. */
  offer(version: string, named: Partial<ReleasePackage> & Pick<ReleasePackage, "version">): void {
    const named_: ReleasePackage = { name: "lantern", repository: "acme", ...named };
    this.server.release(version, canonicalBytes(named_), {
      format: this.format,
      package: named_,
      critical: ["package"],
      rollbackTo: ">=0.0.0",
    });
    this.server.promote(version);
  }

  /** Signs a version whose file is downloaded from the update server. */
  offerFile(version: string, packageVersion: string, file: string): void {
    this.server.release(version, readFileSync(file), {
      format: this.format,
      package: { name: "lantern", version: packageVersion },
      critical: ["package"],
    });
    this.server.promote(version);
  }

  update(): ReturnType<PrivateMachine["agent"]> {
    return this.machine.agent("update");
  }

  status(): AgentState & { readonly journal: string } {
    const home = agentHome(this.machine.home, {});
    return { ...new StateFile(home).read(), journal: new JournalFile(home.journal).read().state };
  }

  /** What the installed program says. */
  async says(): Promise<string> {
    return (await run(this.machine.place(PROGRAM), [])).stdout.trim();
  }

  /** Names in the staging folder that are not always there. */
  staged(): string[] {
    return readdirSync(join(this.machine.home, "staging"))
      .filter((name) => !["lock", "broken", "package-log"].includes(name))
      .sort();
  }
}
