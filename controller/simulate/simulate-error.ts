import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const SIMULATE_ERRORS = {
  "simulate/no-folder": {
    cause: "the folder in which a result should be written does not exist",
    remedy: "make the folder, or name another file with `--out`",
  },
  "simulate/no-gate": {
    cause: "many runs show what a gate does, and the channel has none",
    remedy: "add `rollout.gate` to the channel, or leave `--runs` out",
  },
  "simulate/no-machines": {
    cause: "the inventory has no record of the product",
    remedy: "give one with records of the product, or none",
  },
  "simulate/too-large": {
    cause: "the simulation has no agents, no time or no runs, or more than it can hold",
    remedy: "stay within the limits that the message names",
  },
  "simulate/unknown-channel": {
    cause: "the product has no channel of that name",
    remedy: "check the spelling; the message lists what there is",
  },
  "simulate/unknown-platform": {
    cause: "a failure rate is said of a platform that no simulated device has",
    remedy: "check the spelling; the message lists what there is",
  },
  "simulate/unknown-product": {
    cause: "the state has no product of that name, or more than one and none was named",
    remedy: "name one with `--product`",
  },
  "simulate/unknown-version": {
    cause: "the product has no such version",
    remedy: "check the spelling; the message lists what there is",
  },
} as const satisfies ErrorTable;
export type SimulateErrorCode = keyof typeof SIMULATE_ERRORS;

export class SimulateError extends DomainError<SimulateErrorCode> {}
