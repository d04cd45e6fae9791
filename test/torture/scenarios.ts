import type { TorturedMachine } from "./machine.ts";
import type { NextStart } from "./start-agent.ts";

/** One thing that an agent does, which is interrupted at each of its steps. */
export interface Scenario {
  readonly name: string;
  /** The command of the agent that is interrupted. */
  readonly command: "update" | "rollback" | "resume";
  /** How the next start goes on. */
  readonly next: NextStart;
  /** What may be found right after the fault, before anything goes on. */
  readonly allowed: readonly (string | "nothing")[];
  /** What the next start may end with, where it meets the same bad build. */
  readonly refusal?: string;
  /** Brings a machine that runs 1.0.0 to where the command is given. */
  prepare(machine: TorturedMachine): Promise<void>;
}

/** Fails for 1.1.0 and holds for every other version. */
const UNLIKE_1_1_0 = {
  confirm: ["sh", "-c", '! "$1" --version | grep -q 1.1.0', "sh", "{path}"],
  confirm_attempts: 1,
  restart: ["true"],
};

/** The swap was done, and is not noted yet. */
const AFTER_THE_SWAP = "rename agent/journal.json.new #5";

/** Kills an update for real, at one of its calls. */
async function interrupt(machine: TorturedMachine, label: string): Promise<void> {
  await machine.save();
  const { points } = await machine.traced("update");
  const point = points.find((one) => one.label === label);
  if (point === undefined) throw new Error(`no ${label} in an update`);
  await machine.putBack();
  const { met } = await machine.traced("update", { point, what: "signal=SIGKILL" });
  if (met?.label !== label) throw new Error(`met ${met?.label} in the place of ${label}`);
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "an update",
    ...{ command: "update", next: "update", allowed: ["1.0.0", "1.1.0"] },
    prepare: async (machine) => machine.offer("1.1.0"),
  },
  {
    name: "an update over a stepping stone",
    ...{ command: "update", next: "update", allowed: ["1.0.0", "1.1.0", "1.2.0"] },
    async prepare(machine) {
      machine.offer("1.1.0");
      machine.offer("1.2.0", { upgradeFrom: ">=1.1.0" });
    },
  },
  {
    name: "a rollback that the fleet declares",
    ...{ command: "update", next: "update", allowed: ["1.0.0", "1.1.0"] },
    async prepare(machine) {
      machine.offer("1.1.0", { rollbackTo: ">=1.0.0" });
      await machine.startOk("update");
      machine.server.channel = { rollback: { from: ["1.1.0"] } };
      machine.server.promote("1.0.0");
    },
  },
  {
    name: "a first installation",
    ...{ command: "update", next: "update", allowed: ["nothing", "1.1.0"] },
    async prepare(machine) {
      machine.uninstall();
      machine.offer("1.1.0");
    },
  },
  {
    name: "an update that reports",
    ...{ command: "update", next: "update", allowed: ["1.0.0", "1.1.0"] },
    async prepare(machine) {
      await machine.configure({ check_in: true });
      machine.offer("1.1.0");
    },
  },
  {
    name: "an update that fails its self-test",
    ...{ command: "update", next: "update", allowed: ["1.0.0"], refusal: "install/wrong-version" },
    prepare: async (machine) => machine.offer("1.1.0", {}, "9.9.9"),
  },
  {
    name: "an update that is not confirmed",
    ...{ command: "update", next: "update", allowed: ["1.0.0", "1.1.0"] },
    async prepare(machine) {
      await machine.configure(UNLIKE_1_1_0);
      machine.offer("1.1.0");
    },
  },
  {
    name: "a rollback by a person",
    ...{ command: "rollback", next: "resume", allowed: ["1.0.0", "1.1.0"] },
    async prepare(machine) {
      machine.offer("1.1.0");
      await machine.startOk("update");
    },
  },
  {
    name: "a recovery that confirms",
    ...{ command: "resume", next: "resume", allowed: ["1.1.0"] },
    async prepare(machine) {
      machine.offer("1.1.0");
      await interrupt(machine, AFTER_THE_SWAP);
    },
  },
  {
    name: "a recovery that rolls back",
    ...{ command: "resume", next: "resume", allowed: ["1.0.0", "1.1.0"] },
    async prepare(machine) {
      await machine.configure(UNLIKE_1_1_0);
      machine.offer("1.1.0");
      await interrupt(machine, AFTER_THE_SWAP);
    },
  },
];
