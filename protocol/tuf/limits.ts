/** Most bytes that are read of each role, where no signed length says less. */
export const MAX_ROLE_BYTES = {
  root: 512 * 1024,
  timestamp: 16 * 1024,
  snapshot: 2 * 1024 * 1024,
  targets: 8 * 1024 * 1024,
} as const;
