import { join, resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { unlock } from "../keys/file-signer.ts";
import { writeKeysAnd } from "../keys/finish-ceremony.ts";
import { encodeKeyFile, openKeyFile } from "../keys/key-file.ts";
import { isKeyRole } from "../keys/key-roles.ts";
import { encodePublicHalf, isHolderName, publicKeyOf } from "../keys/public-key-file.ts";
import { type KeyRole, SigningKey } from "../trust/signing-key.ts";
import { passphrasesFrom } from "./ask-terminal.ts";
import {
  parseDescriptor,
  print,
  printJson,
  withEncryption,
  withKeyFolder,
  withPassphrase,
} from "./keys-options.ts";

interface NewOptions {
  readonly name?: string;
  readonly dir: string;
  readonly publicKey?: string;
  readonly encrypt?: true;
  readonly passphraseFd?: number;
  readonly json?: true;
}

interface PassphraseOptions {
  readonly remove?: true;
  readonly passphraseFd?: number;
  readonly newPassphraseFd?: number;
  readonly json?: true;
}

/** `keys new` and `keys passphrase`. */
export function installMaking(keys: Command): void {
  withPassphrase(
    withEncryption(
      withKeyFolder(
        keys
          .command("new")
          .description("make one key on its holder's own machine, and its public half to send"),
      ),
    ),
  )
    .argument("<role>", "root, targets, online, or releases-PRODUCT", parseRole)
    .option(
      "--name <name>",
      "what people call you: becomes part of the file names and of messages",
      parseName,
    )
    .option(
      "--public-key <hex>",
      "the key is in an HSM or KMS: 64 hexadecimal digits of its public half",
      parseHex,
    )
    .option("--json", "print as JSON")
    .addHelpText("after", NEW_HELP)
    .action(runNew);

  withPassphrase(
    keys.command("passphrase").description("set, change or take off the passphrase of key files"),
  )
    .argument("<file...>", "key files")
    .option("--new-passphrase-fd <n>", "read the new passphrase from this descriptor", parseDescriptor)
    .option("--remove", "store them without one from now on: for a machine where nobody can be asked")
    .option("--json", "print as JSON")
    .addHelpText("after", PASSPHRASE_HELP)
    .action(runPassphrase);
}

const NEW_HELP = `
The private key stays where it is made. Send the file that ends in .public.json to whoever prepares the ceremony, and
tell them the key id by a way of your own, so that nobody can put another key in its place.

Examples:
  fairlead keys new root --name ada --encrypt
  fairlead keys new releases-agent
  fairlead keys new root --name ada --public-key 3f2a...`;

const PASSPHRASE_HELP = `
Examples:
  fairlead keys passphrase keys/root-ada.json keys/targets-ada.json
  fairlead keys passphrase --remove keys/releases-agent.json`;

async function runNew(role: KeyRole, options: NewOptions): Promise<void> {
  const { name, publicKey: hex, json } = options;
  const folder = resolve(options.dir);
  const stem = join(folder, name === undefined ? role : `${role}-${name}`);
  const key = hex === undefined ? SigningKey.generate(role) : undefined;
  const publicKey = key ?? publicKeyOf(hex ?? "");
  const half = encodePublicHalf({ role, publicKey, ...(name === undefined ? {} : { holder: name }) });
  const passphrase =
    options.encrypt === true && key !== undefined
      ? await passphrasesFrom(options.passphraseFd).forNewKeys()
      : undefined;
  const made = key === undefined ? [] : [{ path: `${stem}.json`, key }];
  const publicPath = `${stem}.public.json`;
  writeKeysAnd(made, passphrase, [{ path: publicPath, bytes: half, write: "create" }]);
  const { keyid } = publicKey;
  if (json === true) {
    printJson({ role, keyid, public: publicPath, ...(key === undefined ? {} : { secret: `${stem}.json` }) });
    return;
  }
  if (key !== undefined)
    print(`secret  ${stem}.json: never leaves this machine${passphrase === undefined ? "" : "; encrypted"}`);
  print(`public  ${publicPath}: send this`);
  print(`key id  ${keyid}: tell it by a way of your own`);
}

async function runPassphrase(files: readonly string[], options: PassphraseOptions): Promise<void> {
  const { remove, passphraseFd, newPassphraseFd, json } = options;
  const present = passphrasesFrom(passphraseFd);
  const opened: [path: string, key: SigningKey][] = [];
  for (const file of files) {
    const path = resolve(file);
    opened.push([path, await unlock(openKeyFile(path), present)]);
  }
  const passphrase = remove === true ? undefined : await passphrasesFrom(newPassphraseFd).forNewKeys();
  const written = opened.map(([path, key]) => ({
    path,
    bytes: encodeKeyFile(key, passphrase),
    mode: 0o600,
    write: "replace" as const,
  }));
  writeKeysAnd([], undefined, written);
  const encrypted = passphrase !== undefined;
  if (json === true) printJson(written.map(({ path }) => ({ path, encrypted })));
  else
    for (const { path } of written)
      print(`${path} is ${encrypted ? "encrypted" : "stored without a passphrase"}`);
}

function parseRole(text: string): KeyRole {
  if (isKeyRole(text)) return text;
  throw new InvalidArgumentError("expected root, targets, online, or releases- and the name of a product.");
}

function parseName(text: string): string {
  if (isHolderName(text)) return text;
  throw new InvalidArgumentError("expected lower-case letters, digits and dashes.");
}

function parseHex(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError("expected 64 hexadecimal digits.");
}
