import { DomainError } from "../../protocol/domain-error.ts";

/** Every reason why the agent's own settings cannot be used or made. */
export const CONFIG_ERRORS = {
  "config/already-enrolled": {
    cause: "There is a config in this home already.",
    remedy: "Use another --home for another product, or --force to replace it (the device keeps its key).",
  },
  "config/bad-config": {
    cause: "Config.yaml cannot be understood.",
    remedy: "Correct the key that is named, or enrol again with --force.",
  },
  "config/bad-device-key": {
    cause: "The device's key file is damaged, or a newer agent wrote it.",
    remedy:
      "Restore it from a backup; without it the device counts as a new one (remove it and enrol again).",
  },
  "config/bad-root": {
    cause: "The root to trust is not the one that the operator named, or none.",
    remedy: "Ask the operator for the root or its sha256 again; do not go on while they differ.",
  },
  "config/no-root": {
    cause: "Nothing says which root of the signed manifest to trust.",
    remedy: "Give --root FILE or --root-sha256 HEX from the operator.",
  },
  "config/not-enrolled": {
    cause: "This machine is not enrolled, or its home is elsewhere.",
    remedy: "Enrol it with `fairlead-agent enroll`, or name its folder with --home DIR.",
  },
  "config/untrusted-config": {
    cause: "Others could have written config.yaml, which names programs that the agent runs.",
    remedy: "Make it a regular file of the agent's user with mode 600.",
  },
} as const;
export type ConfigErrorCode = keyof typeof CONFIG_ERRORS;

/** Thrown where the agent's own settings cannot be used or made. */
export class ConfigError extends DomainError<ConfigErrorCode> {}
