import { spawn } from "node:child_process";
import { keepGroup, killGroup } from "./process-group.ts";
import { SourceError } from "./source-error.ts";

const DEADLINE_MS = 30_000;
const MAX_OUTPUT = 16 * 1024 * 1024;
const MAX_MESSAGES = 64 * 1024;

export interface VerifierResult {
  readonly exitCode: number;
  readonly output: Buffer;
  /** Cut at 64 KiB. */
  readonly messages: string;
}

/**
 * Runs a program that checks signatures to its end, in a process group and with an environment of its own.
 *
 * @param input what it reads on standard input
 * @throws SourceError `source/verifier-missing`, `source/timeout`, `source/limit-exceeded`
 */
export function runVerifier(
  program: "ssh-keygen" | "gpg",
  args: readonly string[],
  input: Buffer | undefined,
  env: Readonly<Record<string, string>> = {},
): Promise<VerifierResult> {
  const { promise, resolve, reject } = Promise.withResolvers<VerifierResult>();
  const child = spawn(program, args, { env: { ...inherited(), ...env }, detached: true, windowsHide: true });
  keepGroup(child);
  const chunks: Buffer[] = [];
  let size = 0;
  let messages = "";
  let failure: SourceError | undefined;
  const stop = (error: SourceError): void => {
    failure ??= error;
    killGroup(child);
  };
  const timer = setTimeout(() => {
    stop(new SourceError("source/timeout", `${program} did not finish within ${DEADLINE_MS} ms`));
  }, DEADLINE_MS);
  child.stdout.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_OUTPUT) chunks.push(chunk);
    else stop(new SourceError("source/limit-exceeded", `${program} printed more than ${MAX_OUTPUT} bytes`));
  });
  child.stderr.on("data", (chunk: Buffer) => {
    if (messages.length < MAX_MESSAGES) messages += chunk.toString("utf8", 0, MAX_MESSAGES - messages.length);
  });
  child.stdin.on("error", () => {}); // It may end without reading: its exit code tells why.
  child.once("error", (cause: NodeJS.ErrnoException) => {
    clearTimeout(timer);
    reject(
      new SourceError("source/verifier-missing", `${program} could not be started: ${cause.code}`, {
        help: "install openssh-client for SSH signatures and gnupg for OpenPGP ones",
        cause,
      }),
    );
  });
  child.once("close", (code) => {
    clearTimeout(timer);
    if (failure !== undefined) reject(failure);
    else resolve({ exitCode: code ?? 128, output: Buffer.concat(chunks), messages });
  });
  child.stdin.end(input);
  return promise;
}

function inherited(): Record<string, string> {
  const names = ["PATH", "HOME", "TZ", "TMPDIR", "SystemRoot"];
  const pairs = names.map((name) => [name, process.env[name]] as const);
  return { ...Object.fromEntries(pairs.filter(([, value]) => value !== undefined)), LC_ALL: "C" };
}
