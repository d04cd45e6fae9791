import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { Agent } from "../../agent/agent.ts";
import { enrollDevice } from "../../agent/config/enroll-device.ts";
import { agentHome } from "../../agent/home/agent-home.ts";
import type { JournalState } from "../../agent/life-cycle/journal.ts";
import { JournalFile } from "../../agent/life-cycle/journal-file.ts";
import type { AgentState } from "../../agent/state/agent-state.ts";
import { StateFile } from "../../agent/state/state-file.ts";
import { AgentMachine } from "../support/agent-machine.ts";
import { program, UpdateServer } from "./update-server.ts";

/** A machine that runs lantern 1.0.0, and the server that it is enrolled with. */
export interface EnrolledMachine {
  readonly server: UpdateServer;
  readonly machine: AgentMachine;
  /** The agent's folder beside the executable. */
  readonly staging: string;
  /** What the agent noted, read from its files. */
  status(): AgentState & { readonly journal: JournalState };
  /** Publishes a version and runs `fairlead-agent update`. */
  updateTo(version: string, bytes: Buffer): ReturnType<AgentMachine["agent"]>;
  /** Names in the staging folder, without the lock and the folder of broken files. */
  leftovers(): string[];
  broken(): string[];
}

/**
 * Enrols and installs 1.0.0 in this process, to save two others; what is tested then runs as a real one.
 *
 * @param prepare before anything is written on the machine
 * @param parent the folder that the machine lies in, where that matters
 */
export async function enrolledMachine(
  t: TestContext,
  settings: Parameters<typeof enrollDevice>[1] = {},
  prepare: (machine: AgentMachine) => Promise<void> = async () => undefined,
  parent?: string,
): Promise<EnrolledMachine> {
  const server = await UpdateServer.start(t);
  server.release("1.0.0", program("1.0.0"));
  server.promote("1.0.0");
  const machine = await AgentMachine.create(t, parent);
  await prepare(machine);
  const home = agentHome(machine.home, {});
  const values = { server: server.url, product: "lantern", install_path: machine.executable, ...settings };
  await enrollDevice(home, values, { kind: "sha256", sha256: server.rootSha256 }, false);
  const agent = await Agent.open(home);
  assert.equal((await agent.product().update(true)).outcomes[0]?.outcome, "confirmed");
  const staging = join(machine.directory, "bin", ".lantern.fairlead");
  return {
    server,
    machine,
    staging,
    status: () => ({
      ...new StateFile(home).read(),
      journal: new JournalFile(home.journal).read().state,
    }),
    updateTo: (version, bytes) => {
      server.release(version, bytes);
      server.promote(version);
      return machine.agent("update");
    },
    leftovers: () => readdirSync(staging).filter((name) => name !== "lock" && name !== "broken"),
    broken: () => readdirSync(join(staging, "broken")),
  };
}

/** The installed bytes. */
export function installedBytes(machine: AgentMachine): Buffer {
  return readFileSync(machine.executable);
}

/** Adds lines to the machine's config.yaml. */
export function setInConfig(machine: AgentMachine, ...lines: readonly string[]): void {
  const config = join(machine.home, "config.yaml");
  writeFileSync(config, `${readFileSync(config, "utf8")}${lines.join("\n")}\n`);
}
