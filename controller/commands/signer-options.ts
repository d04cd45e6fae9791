import { type Command, InvalidArgumentError, Option } from "commander";
import { DEFAULT_MAX_COMMITS } from "../reconcile/judge-signatures.ts";

/** Adds who has to sign what is published; `signersOf` reads the flags. */
export function withSignerOptions(command: Command): Command {
  return command
    .option("--require-signed-commits", "hold every commit that nobody signed who is listed as a signer")
    .option("--allowed-signers <file>", "who may sign with an SSH key: a file as in ssh-keygen(1)")
    .option("--gnupg-home <dir>", "who may sign with OpenPGP: every public key in this GnuPG home folder")
    .option(
      "--forge-key <fingerprint>",
      "key of the forge, one of those listed: its merges need no signature on the merged side, and it signs nothing else",
    )
    .addOption(
      new Option(
        "--max-commits <n>",
        `most commits whose signatures are verified at once (default: ${DEFAULT_MAX_COMMITS})`,
      ).argParser(parseCount),
    );
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number from 1 to 9999999");
}
