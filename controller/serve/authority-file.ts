import { existsSync } from "node:fs";
import type { RemoteAccess } from "../source/remote-access.ts";

/** PEM file of the authorities that the git server's certificate, and those of its artifacts, may come from. */
export function authorityFile(access: RemoteAccess | undefined): string | undefined {
  if (access?.caFile !== undefined) return access.caFile;
  const { SSL_CERT_FILE: file } = process.env;
  // OpenSSL passes over one that is not there.
  return file !== undefined && existsSync(file) ? file : undefined;
}
