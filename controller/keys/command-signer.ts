import { spawn } from "node:child_process";
import type { Signature } from "../../protocol/tuf/roles.ts";
import type { PublicKey } from "../trust/build-trust.ts";
import { verifySignature } from "../trust/open-key.ts";
import { KeyError } from "./key-error.ts";
import type { Signer } from "./signer.ts";

/** Long enough for a person to find the token and touch it. */
const DEADLINE_MS = 120_000;
/** A signature is 64 bytes; nobody needs more than this to say it. */
const MAX_OUTPUT = 4096;

/**
 * Signs with a program of the holder's: it gets the bytes on standard input and prints the signature as hexadecimal or
 * base64. The command is one program with its arguments, which a shell reads as if the holder had typed it there. What it
 * prints counts for nothing until a public key of the ceremony confirms it.
 */
export class CommandSigner implements Signer {
  private readonly command: string;
  private readonly keys: readonly PublicKey[];
  private readonly deadlineMs: number;
  private own: PublicKey | undefined;

  /** @param keys all that the ceremony knows: which of them the program holds shows with its first signature */
  constructor(command: string, keys: readonly PublicKey[], deadlineMs = DEADLINE_MS) {
    this.command = command;
    this.keys = keys;
    this.deadlineMs = deadlineMs;
  }

  get name(): string {
    return `--signer "${this.command}"`;
  }

  async sign(message: Uint8Array, candidates: readonly PublicKey[]): Promise<Signature | undefined> {
    const isCandidate = ({ keyid }: PublicKey): boolean => candidates.some((one) => one.keyid === keyid);
    if (candidates.length === 0 || (this.own !== undefined && !isCandidate(this.own))) return undefined;
    const signature = parseSignature(await this.run(message));
    if (signature === undefined)
      throw this.failed("it printed no signature: 64 bytes as hexadecimal or base64");
    this.own ??= this.keys.find(({ key }) => verifySignature(key, message, signature));
    if (this.own === undefined || !verifySignature(this.own.key, message, signature)) {
      throw new KeyError(
        "keys/bad-signature",
        `what ${this.name} printed is no signature of a key that may sign`,
        {
          help: "it must sign the bytes of standard input as they are (Ed25519 without a hash before it)",
        },
      );
    }
    return isCandidate(this.own)
      ? { keyid: this.own.keyid, sig: Buffer.from(signature).toString("hex") }
      : undefined;
  }

  private run(message: Uint8Array): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    // The shell gives way to the program, so that a kill reaches it: in a process group of its own, a kill would too, but
    // then it could not ask for a PIN on the terminal.
    const line = process.platform === "win32" ? this.command : `exec ${this.command}`;
    const child = spawn(line, { shell: true, stdio: ["pipe", "pipe", "inherit"] });
    let output = "";
    const stop = (why: string): void => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      child.stdout.destroy();
      reject(this.failed(why));
    };
    const timer = setTimeout(() => stop(`no answer within ${this.deadlineMs / 1000} s`), this.deadlineMs);
    child.stdout.setEncoding("latin1").on("data", (text: string) => {
      output += text;
      if (output.length > MAX_OUTPUT) stop(`it printed more than ${MAX_OUTPUT} bytes`);
    });
    child.on("error", (error) => stop(error.message));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(output);
      else reject(this.failed(`it ended with ${code ?? signal}`));
    });
    child.stdin.on("error", () => {}); // one that does not read its input: `close` says how it ended
    child.stdin.end(message);
    return promise;
  }

  private failed(why: string): KeyError {
    return new KeyError("keys/signer-failed", `${this.name} gave no signature: ${why}`, {
      help: "it gets the bytes to sign on standard input and prints the signature on standard output",
    });
  }
}

/** The 64 bytes of a signature, as hexadecimal or base64 of either alphabet, with white space around it. */
function parseSignature(output: string): Buffer | undefined {
  const text = output.trim();
  const bytes = /^[0-9a-fA-F]{128}$/.test(text)
    ? Buffer.from(text, "hex")
    : /^[A-Za-z0-9+/_-]{86}(==)?$/.test(text)
      ? Buffer.from(text, "base64")
      : Buffer.alloc(0);
  return bytes.length === 64 ? bytes : undefined;
}
