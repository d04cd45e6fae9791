import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { KeysAtHand } from "../keys/keys-at-hand.ts";
import { passphrasesFrom } from "./ask-terminal.ts";

/** Where the state is, and how to print. */
export interface StateOptions {
  readonly root?: string;
  readonly json?: true;
}

/** Which private keys are at hand. */
export interface SignerOptions {
  readonly dir: string;
  readonly signer?: readonly string[];
  readonly passphraseFd?: number;
}

export function withStateOptions(command: Command): Command {
  return command
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent")
    .option("--json", "print as JSON");
}

export function withKeyFolder(command: Command): Command {
  return command.option("--dir <dir>", "folder of the private keys", "keys");
}

export function withPassphrase(command: Command): Command {
  return command.option(
    "--passphrase-fd <n>",
    "read the passphrase of encrypted keys from this descriptor; asked for when absent",
    parseDescriptor,
  );
}

export function withSigners(command: Command): Command {
  return withSignerCommand(withPassphrase(withKeyFolder(command)));
}

export function withSignerCommand(command: Command): Command {
  return command.option(
    "--signer <command>",
    "sign with a program as well: bytes on its standard input, signature in hex or base64 on its output; repeatable",
    (command: string, before: readonly string[] = []) => [...before, command],
  );
}

export function withEncryption(command: Command): Command {
  return command.option("--encrypt", "encrypt new key files with a passphrase (but for the online key)");
}

export function keysAtHand({ dir, signer = [], passphraseFd }: SignerOptions): KeysAtHand {
  return { folder: resolve(dir), commands: signer, passphrases: passphrasesFrom(passphraseFd) };
}

export function parseCount(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError("expected a whole number from 1 on.");
  return Number(text);
}

export function parseDescriptor(text: string): number {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError("expected the number of an open descriptor.");
  return Number(text);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}

/** Seconds since 1970. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}

export function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
