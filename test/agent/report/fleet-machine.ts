import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { Agent } from "../../../agent/agent.ts";
import { agentHome } from "../../../agent/home/agent-home.ts";
import { AgentMachine } from "../../support/agent-machine.ts";
import type { CommandResult } from "../../support/run-command.ts";
import { StandInController } from "../../support/stand-in-controller.ts";
import { setInConfig } from "../enrolled-machine.ts";
import { program, UpdateServer } from "../update-server.ts";

export const TOKEN = "flt_good";

/** A machine of a fleet that runs lantern 1.0.0, with the controller that it is enrolled at. */
export interface FleetMachine {
  readonly server: UpdateServer;
  readonly controller: StandInController;
  readonly machine: AgentMachine;
}

/** A server with lantern 1.0.0, and a machine that nobody has enrolled. */
export async function newMachine(t: TestContext): Promise<FleetMachine> {
  const server = await UpdateServer.start(t);
  const controller = new StandInController(server);
  controller.tokens.set(TOKEN, 0);
  server.release("1.0.0", program("1.0.0"), { rollbackTo: ">=0.0.1" });
  server.promote("1.0.0");
  return { server, controller, machine: await AgentMachine.create(t) };
}

/** Enrols by a token, in a file. */
export async function enrolByToken(
  { server, machine }: FleetMachine,
  token = TOKEN,
  ...more: readonly string[]
): Promise<CommandResult> {
  const file = join(machine.directory, "token");
  writeFileSync(file, `${token}\n`);
  return machine.agent(
    "enroll",
    ...["--server", server.url, "--product", "lantern", "--install-path", machine.executable],
    ...["--root-sha256", server.rootSha256, "--token-file", file, ...more],
  );
}

/** Enrolled, with 1.0.0 installed and told of. */
export async function fleetMachine(t: TestContext, ...config: readonly string[]): Promise<FleetMachine> {
  const made = await newMachine(t);
  const enrolled = await enrolByToken(made);
  if (enrolled.code !== 0) throw new Error(enrolled.stdout + enrolled.stderr);
  setInConfig(made.machine, ...config);
  const agent = await openAgent(made);
  await agent.product().update(true);
  await agent.checkIn(0);
  return made;
}

/** The agent in this process, to save another one. */
export function openAgent({ machine }: Pick<FleetMachine, "machine">): Promise<Agent> {
  return Agent.open(agentHome(machine.home, {}));
}

/** Offers a version that may be rolled back to any. */
export function offer({ server }: FleetMachine, version: string, bytes: Buffer = program(version)): void {
  server.release(version, bytes, { rollbackTo: ">=0.0.1" });
  server.promote(version);
}

/** A file in the agent's home, parsed. */
export function readHome({ machine }: Pick<FleetMachine, "machine">, name: string): Record<string, unknown> {
  const path = join(machine.home, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}
