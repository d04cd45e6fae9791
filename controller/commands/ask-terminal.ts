import { createReadStream } from "node:fs";
import { KeyError } from "../keys/key-error.ts";
import type { Passphrases } from "../keys/passphrases.ts";

const MAX_LINE = 1024;
const TRIES = 3;

/** Whether a person can be asked: standard input is a terminal. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true;
}

/**
 * Asks on the terminal and waits for a line. The question goes to standard error, so that what a command prints can be
 * piped.
 */
export function ask(question: string): Promise<string> {
  process.stderr.write(question);
  return readLine();
}

/** The same without showing what is typed. */
async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  process.stdin.setRawMode(true);
  try {
    return await readLine();
  } finally {
    process.stdin.setRawMode(false);
    process.stderr.write("\n");
  }
}

/** A line of the terminal; in raw mode also what the terminal itself does otherwise: erase, interrupt, end of input. */
function readLine(): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const { stdin } = process;
  let line = "";
  const stop = (): void => {
    stdin.off("data", onData).off("end", onEnd).pause();
  };
  const onEnd = (): void => {
    stop();
    reject(new KeyError("keys/not-confirmed", "the terminal was closed before an answer came"));
  };
  const onData = (text: string): void => {
    for (const character of text) {
      switch (character) {
        case "\r":
        case "\n":
          stop();
          resolve(line);
          return;
        case "\u0003":
          stop();
          stdin.setRawMode(false);
          process.kill(process.pid, "SIGINT");
          return;
        case "\u0004":
          onEnd();
          return;
        case "\u007f":
        case "\b":
          line = [...line].slice(0, -1).join("");
          break;
        default:
          if (line.length < MAX_LINE) line += character;
      }
    }
  };
  stdin.setEncoding("utf8").on("data", onData).once("end", onEnd).resume();
  return promise;
}

/**
 * Passphrases from a descriptor where one is given, else from the person at the terminal; the last one typed is tried on
 * the next file before anybody is asked again.
 *
 * @throws KeyError `keys/passphrase-needed`: the descriptor cannot be read
 */
export function passphrasesFrom(descriptor: number | undefined): Passphrases {
  let given: Promise<string> | undefined;
  let typed: string | undefined;
  if (descriptor !== undefined) {
    const read = (): Promise<string> => {
      given ??= readDescriptor(descriptor);
      return given;
    };
    return { toOpen: async (_path, attempt) => (attempt === 0 ? read() : undefined), forNewKeys: read };
  }
  return {
    async toOpen(path, attempt) {
      if (attempt === 0 && typed !== undefined) return typed;
      if (!canAsk() || attempt >= TRIES) return undefined;
      typed = await askSecret(`${attempt === 0 ? "" : "that does not open it. "}passphrase of ${path}: `);
      return typed;
    },
    async forNewKeys() {
      if (!canAsk()) {
        throw new KeyError("keys/passphrase-needed", "there is no terminal to ask for a new passphrase at", {
          help: "give it with --passphrase-fd N, such as `--passphrase-fd 3 3< <(your-vault read root)`",
        });
      }
      for (;;) {
        const first = await askSecret("new passphrase: ");
        if (first === (await askSecret("the same once more: "))) return first;
        process.stderr.write("they differ: try again\n");
      }
    },
  };
}

/** The first line that a descriptor gives. */
async function readDescriptor(descriptor: number): Promise<string> {
  let text = "";
  try {
    for await (const chunk of createReadStream("", { fd: descriptor, autoClose: false, encoding: "utf8" })) {
      text += chunk;
      if (text.includes("\n") || text.length > MAX_LINE) break;
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new KeyError(
      "keys/passphrase-needed",
      `no passphrase can be read from descriptor ${descriptor}: ${why}`,
      {
        help: "open it in the shell, such as `--passphrase-fd 3 3< <(your-vault read root)`",
        cause,
      },
    );
  }
  return text.split(/\r?\n/, 1)[0] ?? "";
}
