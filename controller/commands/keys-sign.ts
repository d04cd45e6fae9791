import { resolve } from "node:path";
import type { Command } from "commander";
import { keyName, keysOf } from "../keys/approvals.ts";
import { requireSoundRequest } from "../keys/check-request.ts";
import { describeRequest } from "../keys/describe-request.ts";
import { requireCurrent, signedFiles, trustFilesToWrite, writeKeysAnd } from "../keys/finish-ceremony.ts";
import { KeyError } from "../keys/key-error.ts";
import { signersAtHand } from "../keys/keys-at-hand.ts";
import { nextSteps } from "../keys/next-steps.ts";
import { readRequest } from "../keys/read-request.ts";
import { mergeRequests, missingSignatures, requireComplete, signRequest } from "../keys/sign-request.ts";
import { encodeRequest, requestDigest, type SigningRequest } from "../keys/signing-request.ts";
import { locateState } from "../source/locate-state.ts";
import { StateLocationError } from "../source/state-location-error.ts";
import { readWorktreeState } from "../state/read-worktree-state.ts";
import { ask, canAsk } from "./ask-terminal.ts";
import {
  day,
  keysAtHand,
  now,
  print,
  printJson,
  type SignerOptions,
  type StateOptions,
  withSigners,
  withStateOptions,
} from "./keys-options.ts";

interface SignOptions extends StateOptions, SignerOptions {
  readonly yes?: true;
  readonly out?: string;
}

interface CollectOptions extends StateOptions {
  readonly out?: string;
}

/** `keys sign` and `keys collect`. */
export function installSigning(keys: Command): void {
  withSigners(withStateOptions(keys.command("sign").description("show what a request changes, and sign it")))
    .argument("<file>", "the request, as `keys request` or another holder's `keys sign` wrote it")
    .option("--out <file>", "where to write it with your signatures; into the same file when absent")
    .option("--yes", "sign without asking, for scripts")
    .addHelpText("after", SIGN_HELP)
    .action(runSign);

  withStateOptions(
    keys.command("collect").description("put the signatures of all holders together and write trust/"),
  )
    .argument("<file...>", "the copies of one request")
    .option("--out <file>", "write the request with all signatures here, also while some are missing")
    .addHelpText("after", COLLECT_HELP)
    .action(runCollect);
}

const SIGN_HELP = `
It needs nothing but the file and your keys. Run inside of a clone of the state, it also makes sure that the request
starts from what is in force there. Compare the sha256 with whoever made the request, by a way of your own.

Exit code: 0 signed, 1 refused or not confirmed, 2 wrong use.

Examples:
  fairlead keys sign signing-request.json
  fairlead keys sign signing-request.json --dir /media/ada --yes --passphrase-fd 3 3< <(pass fairlead/root)
  fairlead keys sign signing-request.json --signer "my-hsm-sign --slot 2"`;

const COLLECT_HELP = `
Exit code: 0 trust/ was written, 1 signatures are missing or the request does not fit, 2 wrong use.

Example:
  fairlead keys collect ada.json grace.json`;

async function runSign(file: string, options: SignOptions): Promise<void> {
  const request = readRequest(resolve(file));
  requireSoundRequest(request, now());
  const compared = await compareWithState(request, options.root);
  const say = options.json === true ? (text: string) => process.stderr.write(`${text}\n`) : print;
  const changes = describeRequest(request);
  say(`${file}: ${request.purpose}, made on ${day(request.madeAt)}`);
  for (const line of changes) say(line);
  say(`sha256 of what it says: ${requestDigest(request)}`);
  if (!compared)
    say("note: not compared with a state: run this in a clone to see that it starts from what is in force");

  const signers = signersAtHand(keysAtHand(options), keysOf(request));
  if (options.yes !== true) await confirm();
  const signed = await signRequest(request, signers);
  if (signed.added.length === 0) throw nothingSigned(request, resolve(options.dir));
  const out = resolve(options.out ?? file);
  writeKeysAnd([], undefined, [
    {
      path: out,
      bytes: encodeRequest(signed.request),
      write: options.out === undefined ? "replace" : "create",
    },
  ]);

  const missing = missingSignatures(signed.request);
  if (options.json === true) {
    printJson({ request: out, sha256: requestDigest(request), changes, added: signed.added, missing });
    return;
  }
  for (const { path, keyid, signer } of signed.added) {
    print(`signed ${path} as ${keyName(request, { keyid })}, ${signer}`);
  }
  for (const line of missing) print(`  ${line}`);
  print(
    `next: send ${out} back; ${missing.length === 0 ? "it is complete" : "others have to sign"}: fairlead keys collect FILE...`,
  );
}

async function runCollect(files: readonly string[], options: CollectOptions): Promise<void> {
  const { root } = locateState(process.cwd(), options.root);
  const copies = files.map((file): [string, SigningRequest] => {
    const request = readRequest(resolve(file));
    requireSoundRequest(request, now());
    return [file, request];
  });
  const request = mergeRequests(copies);
  const merged = {
    path: resolve(options.out ?? ""),
    bytes: encodeRequest(request),
    write: "create" as const,
  };
  const outputs = options.out === undefined ? [] : [merged];
  if (missingSignatures(request).length > 0) writeKeysAnd([], undefined, outputs);
  requireComplete(request, "send the request to them, and collect again with their copies");
  const trust = signedFiles(request, (await readWorktreeState(root)).trust(), now());
  writeKeysAnd([], undefined, [...trustFilesToWrite(root, trust), ...outputs]);

  const changes = describeRequest(request);
  const next = nextSteps(request, []);
  if (options.json === true) {
    printJson({ trust: [...trust.keys()], changes, next });
    return;
  }
  for (const line of changes) print(line);
  for (const path of trust.keys()) print(`public  ${path}`);
  for (const step of next) print(`next: ${step}`);
}

/** @returns whether there was a state to compare with */
async function compareWithState(request: SigningRequest, folder: string | undefined): Promise<boolean> {
  let root: string;
  try {
    root = locateState(process.cwd(), folder).root;
  } catch (error) {
    if (folder === undefined && error instanceof StateLocationError) return false;
    throw error;
  }
  requireCurrent(request, (await readWorktreeState(root)).trust());
  return true;
}

async function confirm(): Promise<void> {
  if (!canAsk()) {
    throw new KeyError("keys/not-confirmed", "there is no terminal to ask at whether this should be signed", {
      help: "read what it changes, then repeat with --yes",
    });
  }
  if (/^y(es)?$/i.test((await ask("sign this? [y/N] ")).trim())) return;
  throw new KeyError("keys/not-confirmed", "nothing was signed", { help: "answer `y` to sign" });
}

function nothingSigned(request: SigningRequest, folder: string): KeyError {
  const missing = missingSignatures(request);
  if (missing.length === 0) {
    return new KeyError("keys/nothing-to-do", "the request has every signature that it needs", {
      help: "write trust/ with `fairlead keys collect`",
    });
  }
  return new KeyError(
    "keys/not-found",
    `no key in \`${folder}\` may sign this, or it has: ${missing.join("; ")}`,
    {
      help: "name the folder of your keys with --dir, or a program that signs with --signer",
    },
  );
}
