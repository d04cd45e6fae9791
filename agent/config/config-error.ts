import { DomainError } from "../../protocol/domain-error.ts";

/** Every reason why the agent's own settings cannot be used or made. */
export const CONFIG_ERRORS = {
  "config/already-enrolled": {
    cause: "there is a config in this home already",
    remedy: "use another --home for another product, or --force to replace it (the device keeps its key)",
  },
  "config/bad-config": {
    cause: "config.yaml cannot be understood",
    remedy: "correct the key that is named, or enrol again with --force",
  },
  "config/bad-device-key": {
    cause: "the device's key file is damaged",
    remedy: "restore it from a backup; without it the device counts as a new one (remove it and enrol again)",
  },
  "config/bad-root": {
    cause: "the root to trust is not the one that the operator named, or none",
    remedy: "ask the operator for the root or its sha256 again; do not go on while they differ",
  },
  "config/newer-device-key": {
    cause: "a newer agent wrote the device's key file",
    remedy: "update the agent; do not enrol again, or the device appears twice",
  },
  "config/choice-denied": {
    cause: "the fleet's policy lets no machine of this scope choose for itself (`localOverrides: deny`)",
    remedy: "ask whoever runs the fleet: a pin or a channel for this device belongs into its tenant's file",
  },
  "config/no-root": {
    cause: "nothing says which root of the signed manifest to trust",
    remedy: "give --root FILE or --root-sha256 HEX from the operator",
  },
  "config/not-enrolled": {
    cause: "this machine is not enrolled, or its home is elsewhere",
    remedy: "enrol it with `fairlead-agent enroll`, or name its folder with --home DIR",
  },
  "config/not-in-fleet": {
    cause: "the signed manifest has no such product, or no tenant by this name and key",
    remedy: "check the name and the key with whoever runs the fleet; nothing was enrolled",
  },
  "config/several-products": {
    cause: "a command is about one product, and this machine has several",
    remedy: "name one of them with --product NAME",
  },
  "config/unknown-channel": {
    cause: "the product has no channel of that name",
    remedy: "check the name; the channels that there are stand in the message",
  },
  "config/unknown-product": {
    cause: "this machine does not look after a product of that name",
    remedy: "check the name with `fairlead-agent status`, or write the product into config.yaml",
  },
  "config/unusable-path": {
    cause: "the folder of `install_path` cannot be made",
    remedy: "give another --install-path, or make the folder as a user who may",
  },
  "config/version-unavailable": {
    cause: "exactly this version was asked for, and what is signed does not let this machine have it",
    remedy: "`fairlead-agent explain` says which rule decides; an older version comes back with `rollback`",
  },
  "config/untrusted-config": {
    cause: "others could have written config.yaml, which names programs that the agent runs",
    remedy: "make it a regular file of the agent's user with mode 600",
  },
} as const;
export type ConfigErrorCode = keyof typeof CONFIG_ERRORS;

/** Thrown where the agent's own settings cannot be used or made. */
export class ConfigError extends DomainError<ConfigErrorCode> {}
