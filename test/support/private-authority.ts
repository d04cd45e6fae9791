import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A name that no resolver knows: only a proxy can lead there. */
export const UNKNOWN_HOST = "releases.acme.example";

/** A certificate authority of one test, and a server's certificate from it for `localhost` and `UNKNOWN_HOST`. */
export interface PrivateAuthority {
  /** PEM file of the authority. */
  readonly caFile: string;
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly keyFile: string;
  readonly certFile: string;
}

/** @param folder an empty one, for the keys and certificates */
export function makePrivateAuthority(folder: string): PrivateAuthority {
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync("openssl", args, { stdio: "pipe" });
  };
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl(
    ...["req", "-x509", ...newKey, "-days", "30", "-subj", "/CN=A private authority"],
    ...["-keyout", path("ca.key"), "-out", path("ca.pem")],
  );
  openssl(
    "req",
    ...newKey,
    "-subj",
    "/CN=localhost",
    "-keyout",
    path("server.key"),
    "-out",
    path("server.csr"),
  );
  writeFileSync(path("names"), `subjectAltName=DNS:localhost,DNS:${UNKNOWN_HOST},IP:127.0.0.1\n`);
  openssl(
    ...["x509", "-req", "-in", path("server.csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key")],
    ...["-CAcreateserial", "-days", "30", "-extfile", path("names"), "-out", path("server.pem")],
  );
  return {
    caFile: path("ca.pem"),
    key: readFileSync(path("server.key")),
    cert: readFileSync(path("server.pem")),
    keyFile: path("server.key"),
    certFile: path("server.pem"),
  };
}
