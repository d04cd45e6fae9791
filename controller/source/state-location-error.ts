import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

export const STATE_ERRORS = {
  "state/not-found": {
    cause: "there is no `fleet.yaml` in the folder, nor in one above it",
    remedy:
      "go to the state repository, name its folder with `--root DIR`, or make one with `fairlead init DIR`",
  },
} as const satisfies ErrorTable;
export type StateLocationErrorCode = keyof typeof STATE_ERRORS;

/** The state repository was not found on this machine. */
export class StateLocationError extends DomainError<StateLocationErrorCode> {}
