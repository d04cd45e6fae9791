import { DomainError, type ErrorTable } from "../../protocol/domain-error.ts";

/** Every reason why the agent does not become, or stop being, a service of this machine. */
export const SERVICE_ERRORS = {
  "service/command-failed": {
    cause: "the machine's service manager refused a command",
    remedy: "look at what it said; the definition is written, and the command can be given again by hand",
  },
  "service/no-manager": {
    cause: "no service manager that is known runs on this machine",
    remedy:
      "print the definition with --print, or let whatever starts programs here start `fairlead-agent run`",
  },
  "service/not-installed": {
    cause: "there is no service of that name, or `fairlead-agent service install` did not write it",
    remedy: "check the name with --name; remove by hand what another program installed",
  },
  "service/unwritable": {
    cause: "the definition of the service cannot be written or removed",
    remedy: "run the command as root, or print the definition with --print and put it in place yourself",
  },
} as const satisfies ErrorTable;
export type ServiceErrorCode = keyof typeof SERVICE_ERRORS;

/** Thrown by everything in `agent/service/`. */
export class ServiceError extends DomainError<ServiceErrorCode> {}
