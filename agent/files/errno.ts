/** What a refused system call gave, such as `ENOSPC`; `undefined` for an error that comes from elsewhere. */
export function errnoOf(error: unknown): string | undefined {
  const isSystemError = error instanceof Error && "syscall" in error && "code" in error;
  return isSystemError && typeof error.code === "string" ? error.code : undefined;
}
