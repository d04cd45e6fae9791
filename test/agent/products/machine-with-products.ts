import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { agentHome, productHome } from "../../../agent/home/agent-home.ts";
import type { JournalState } from "../../../agent/life-cycle/journal.ts";
import { JournalFile } from "../../../agent/life-cycle/journal-file.ts";
import type { AgentState } from "../../../agent/state/agent-state.ts";
import { StateFile } from "../../../agent/state/state-file.ts";
import { AgentMachine } from "../../support/agent-machine.ts";
import { ControllerProcess } from "../../support/controller-process.ts";
import { AGENT, run } from "../../support/run-command.ts";
import { StateRepository } from "../../support/state-repository.ts";

/** A machine with `lantern` at the top of its config and further products below it, at a real controller. */
export interface MachineWithProducts {
  readonly state: StateRepository;
  readonly controller: ControllerProcess;
  readonly machine: AgentMachine;
  /** Where a product is installed. */
  path(product: string): string;
  says(product: string): Promise<string | undefined>;
  /** What the agent noted of a product, read from its files. */
  notes(product: string): AgentState & { readonly journal: JournalState };
}

/** A product as a shell script that says its version; `check` is what a `confirm` command may ask it. */
export function program(version: string, check = "exit 0"): string {
  return `#!/bin/sh\ncase "$1" in --version) echo ${version};; check) ${check};; esac\n`;
}

/** The agent itself as a product: it notes each start, and then is the agent of this checkout. */
export function agentProgram(version: string, starts: string): string {
  return `#!${process.execPath}
if (process.argv[2] === "--version") console.log("${version}");
else {
  require("node:fs").appendFileSync(${JSON.stringify(starts)}, "${version} " + process.pid + "\\n");
  import(${JSON.stringify(AGENT)});
}
`;
}

/**
 * @param further keys of each further product, besides where it is installed
 * @param prepare offers what the machine is to run at first
 */
export async function machineWithProducts(
  t: TestContext,
  further: Readonly<Record<string, readonly string[]>>,
  prepare: (state: StateRepository, machine: AgentMachine) => Promise<void>,
): Promise<MachineWithProducts> {
  const state = await StateRepository.create(t);
  const machine = await AgentMachine.create(t);
  await state.write("fleet.yaml", "schemaVersion: 1\ndefaultChannel: stable\ncheckInterval: 1s\n");
  await state.offer("lantern", "1.0.0", program("1.0.0"));
  await prepare(state, machine);
  await state.commit("the first versions");
  const controller = await ControllerProcess.start(t, state.directory);
  await machine.enroll(controller.url, await controller.rootFingerprint());
  const path = (product: string) => join(machine.directory, "bin", product);
  addProducts(machine, further, path);
  const home = agentHome(machine.home, {});
  return {
    ...{ state, controller, machine, path },
    says: async (product) =>
      existsSync(path(product)) ? (await run(path(product), ["--version"])).stdout.trim() : undefined,
    notes: (product) => {
      const files = product === "lantern" ? home : productHome(home, product);
      return { ...new StateFile(files).read(), journal: new JournalFile(files.journal).read().state };
    },
  };
}

function addProducts(
  machine: AgentMachine,
  further: Readonly<Record<string, readonly string[]>>,
  path: (product: string) => string,
): void {
  mkdirSync(join(machine.directory, "bin"), { recursive: true });
  const lines = Object.entries(further).flatMap(([name, keys]) => [
    `  ${name}:`,
    ...[`install_path: ${path(name)}`, ...keys].map((line) => `    ${line}`),
  ]);
  const config = join(machine.home, "config.yaml");
  writeFileSync(config, `${readFileSync(config, "utf8")}products:\n${lines.join("\n")}\n`);
}

/** The versions and process numbers that an agent program noted. */
export function readStarts(path: string): readonly (readonly [version: string, pid: string])[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const [version = "", pid = ""] = line.split(" ");
      return [version, pid];
    });
}
