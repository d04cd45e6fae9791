import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { keysOf } from "../keys/approvals.ts";
import { addHolders, addProduct, type Ceremony, init, renew, revoke, rotate } from "../keys/ceremonies.ts";
import type { SharedRole } from "../keys/change-holders.ts";
import { describeRequest } from "../keys/describe-request.ts";
import { writeKeysAnd } from "../keys/finish-ceremony.ts";
import { type Gathering, type Held, holdCeremony } from "../keys/hold-ceremony.ts";
import { KeySupply, type MadeKey } from "../keys/key-supply.ts";
import { signersAtHand } from "../keys/keys-at-hand.ts";
import { firstNamingSecret } from "../keys/naming-secret.ts";
import { nextSteps } from "../keys/next-steps.ts";
import { requestChange, requestFirstTrust } from "../keys/prepare-request.ts";
import { readPresentTrust, readUntrustedState } from "../keys/present-trust.ts";
import { isHolderName, readPublicHalf } from "../keys/public-key-file.ts";
import { missingSignatures } from "../keys/sign-request.ts";
import { encodeRequest, requestDigest, type SigningRequest } from "../keys/signing-request.ts";
import { locateState } from "../source/locate-state.ts";
import type { TrustHolders } from "../trust/build-trust.ts";
import {
  keysAtHand,
  now,
  parseCount,
  print,
  printJson,
  type SignerOptions,
  type StateOptions,
  withEncryption,
  withKeyFolder,
  withPassphrase,
  withSigners,
  withStateOptions,
} from "./keys-options.ts";

/** Whether a ceremony is held at once with the keys at hand, or written down for its holders to sign. */
export type Way = "at-once" | "request";

interface ChangeOptions extends StateOptions, SignerOptions {
  readonly public?: readonly string[];
  readonly encrypt?: true;
  /** Of a request. */
  readonly out?: string;
}

interface InitOptions extends ChangeOptions {
  readonly rootKeys?: number;
  readonly rootThreshold: number;
  readonly holder?: readonly string[];
  readonly product?: readonly string[];
}

interface HolderOptions extends ChangeOptions {
  readonly holder?: readonly string[];
  readonly threshold?: number;
}

/** `keys init`, `renew`, `add-product`, `add-holder`, `rotate`, `revoke`, and the same below `keys request`. */
export function installCeremonies(parent: Command, way: Way): void {
  const add = (name: string, description: string): Command => {
    const command = withStateOptions(parent.command(name).description(description));
    const withKeys = way === "at-once" ? withSigners(command) : withPassphrase(withKeyFolder(command));
    return withOutput(way, withKeys);
  };
  const withNewKeys = (command: Command): Command =>
    withEncryption(command).option(
      "--public <file...>",
      "public halves of new keys that their holders made with `keys new`; without one the key is made here",
    );

  withNewKeys(add("init", "make the first keys, and the trust/ folder that names them"))
    .option("--root-keys <n>", "people who hold a root and a targets key (default: 1)", parseCount)
    .option("--holder <name...>", "the same by name: their key files and messages carry it", parseHolder)
    .option("--root-threshold <m>", "how many of them must sign together", parseCount, 1)
    .option("--product <name...>", "products that get a release key; all of the state when absent")
    .addHelpText("after", INIT_HELP[way])
    .action((options: InitOptions) => runInit(way, options));

  add("renew", "sign root and delegations again with the same keys, for another 400 days")
    .argument("[role...]", "root, targets; both when absent", collectSharedRole)
    .addHelpText("after", examples(way, ["renew", "renew root"]))
    .action((roles: readonly SharedRole[], options: ChangeOptions) =>
      runChange(way, options, (holders) => renew(holders, roles.length === 0 ? ["root", "targets"] : roles)),
    );

  withNewKeys(add("add-product", "give a new product a release key"))
    .argument("<product>", "the product, as its folder in products/ is called")
    .addHelpText("after", examples(way, ["add-product torch"]))
    .action((product: string, options: ChangeOptions) =>
      runChange(way, options, (holders, supply) => addProduct(holders, supply, product)),
    );

  withNewKeys(add("add-holder", "let more people hold root or targets, or ask for more signatures"))
    .argument("<role>", "root or targets", parseSharedRole)
    .option("--holder <name...>", "people whose key is made here", parseHolder)
    .option("--threshold <m>", "how many must sign from now on", parseCount)
    .addHelpText(
      "after",
      examples(way, ["add-holder root --public grace.public.json linus.public.json --threshold 2"]),
    )
    .action((role: SharedRole, options: HolderOptions) =>
      runChange(way, options, (holders, supply) =>
        addHolders(holders, supply, role, { names: options.holder ?? [], threshold: options.threshold }),
      ),
    );

  withNewKeys(add("rotate", "put a new key in the place of one that is still in good hands"))
    .argument("<role>", "online, root, targets, or releases-PRODUCT")
    .option("--key <id>", "which of the root or targets keys: the first digits of its id")
    .addHelpText(
      "after",
      examples(way, ["rotate online", "rotate releases-agent", "rotate root --key 3f2a91c0"]),
    )
    .action((role: string, options: ChangeOptions & { key?: string }) =>
      runChange(way, options, (holders, supply) => rotate(holders, supply, role, options.key)),
    );

  withNewKeys(
    add("revoke", "take every role from keys that are lost or stolen; what cannot be without gets a new one"),
  )
    .argument("<key-id...>", "the first digits of their ids, as `keys show` lists them")
    .addHelpText("after", `${examples(way, ["revoke 3f2a91c0"])}\n${REVOKE_HELP}`)
    .action((keyids: readonly string[], options: ChangeOptions) =>
      runChange(way, options, (holders, supply) => revoke(holders, supply, keyids)),
    );
}

const INIT_HELP: Readonly<Record<Way, string>> = {
  "at-once": `
Afterwards give each person their root and targets key, the building pipeline its release key, and the controller
online.json and naming-secret; then delete the folder. Commit trust/.

Examples:
  fairlead keys init
  fairlead keys init --holder ada grace linus --root-threshold 2 --encrypt`,
  request: `
Each person makes a root and a targets key on their own machine and sends the public halves:
  fairlead keys new root --name ada
  fairlead keys new targets --name ada

Example:
  fairlead keys request init --public *.public.json --root-threshold 2`,
};

const REVOKE_HELP = `A stolen online key: machines forget what it signed once they see the new root, however high its versions were.
A stolen release key: look at what trust/releases/PRODUCT.json lists before the new key signs it again.
Root keys that are lost: while as many are left as must sign, nothing is lost; with fewer, machines have to enrol anew.`;

function examples(way: Way, lines: readonly string[]): string {
  const prefix = way === "request" ? "fairlead keys request" : "fairlead keys";
  const [first = ""] = lines;
  const apart =
    way === "request" ? [] : [`  fairlead keys request ${first}   # to be signed on several machines`];
  return ["\nExamples:", ...lines.map((line) => `  ${prefix} ${line}`), ...apart].join("\n");
}

function withOutput(way: Way, command: Command): Command {
  return way === "at-once"
    ? command
    : command.option("--out <file>", "the file to write the request to", "signing-request.json");
}

async function runInit(way: Way, options: InitOptions): Promise<void> {
  const { root } = locateState(process.cwd(), options.root);
  const state = await readUntrustedState(root);
  const supply = supplyOf(options);
  const ceremony = init(supply, {
    people: options.rootKeys,
    names: options.holder ?? [],
    threshold: options.rootThreshold,
    products: options.product ?? state.productNames(),
  });
  const request = requestFirstTrust(state, ceremony, now());
  await conclude(way, options, { root, request, present: undefined, made: supply.made() });
}

async function runChange(
  way: Way,
  options: ChangeOptions,
  build: (holders: TrustHolders, supply: KeySupply) => Ceremony,
): Promise<void> {
  const { root } = locateState(process.cwd(), options.root);
  const present = await readPresentTrust(root, now());
  const supply = supplyOf(options);
  const request = requestChange(present, build(present.holders, supply), now());
  await conclude(way, options, { root, request, present: present.files, made: supply.made() });
}

function supplyOf({ dir, public: files = [] }: ChangeOptions): KeySupply {
  return new KeySupply(
    resolve(dir),
    files.map((file) => readPublicHalf(resolve(file))),
  );
}

/** Signs and writes, or writes down what is to be signed. */
async function conclude(
  way: Way,
  options: ChangeOptions,
  prepared: Pick<Gathering, "root" | "request" | "present" | "made">,
): Promise<void> {
  const { request, made } = prepared;
  const keys = keysAtHand(options);
  const passphrase =
    options.encrypt === true && made.some(({ key }) => key.role !== "online")
      ? await keys.passphrases.forNewKeys()
      : undefined;
  if (way === "at-once") {
    const signers = signersAtHand(keys, keysOf(request));
    showHeld(await holdCeremony({ ...prepared, signers, passphrase, now: now() }), options);
    return;
  }
  const out = resolve(options.out ?? "");
  const names = prepared.present === undefined ? firstNamingSecret(made) : [];
  const file = { path: out, bytes: encodeRequest(request), write: "create" } as const;
  writeKeysAnd(made, passphrase, [...names, file]);
  showRequest(request, made, out, options);
}

function showHeld({ request, made, namingSecret, trust }: Held, { json }: ChangeOptions): void {
  const changes = describeRequest(request);
  const next = nextSteps(request, made);
  if (json === true) {
    printJson({ keys: keyFiles(made), namingSecret, trust, changes, next });
    return;
  }
  for (const line of changes) print(line);
  printKeyFiles(made);
  if (namingSecret !== undefined) print(`secret  ${namingSecret}  names of tenants`);
  for (const path of trust) print(`public  ${path}`);
  for (const step of next) print(`next: ${step}`);
}

function showRequest(
  request: SigningRequest,
  made: readonly MadeKey[],
  path: string,
  { json }: ChangeOptions,
): void {
  const changes = describeRequest(request);
  const digest = requestDigest(request);
  const missing = missingSignatures(request);
  if (json === true) {
    printJson({ request: path, sha256: digest, keys: keyFiles(made), changes, missing });
    return;
  }
  for (const line of changes) print(line);
  printKeyFiles(made);
  print(`request ${path}`);
  print(`sha256 of what it says: ${digest}`);
  for (const line of missing) print(`  ${line}`);
  print("next: send it to its holders; each runs `fairlead keys sign FILE` and compares the sha256");
  print("next: bring their copies back: `fairlead keys collect FILE...`");
}

function keyFiles(made: readonly MadeKey[]): object[] {
  return made.map(({ path, key: { role, keyid } }) => ({ path, role, keyid }));
}

function printKeyFiles(made: readonly MadeKey[]): void {
  for (const { path, key } of made) print(`secret  ${path}  ${key.role}  ${key.keyid.slice(0, 16)}`);
}

function parseHolder(name: string, before: readonly string[] = []): readonly string[] {
  if (isHolderName(name)) return [...before, name];
  throw new InvalidArgumentError("expected a short name: lower-case letters, digits and dashes.");
}

function collectSharedRole(role: string, before: readonly SharedRole[] = []): readonly SharedRole[] {
  return [...before, parseSharedRole(role)];
}

function parseSharedRole(role: string): SharedRole {
  if (role === "root" || role === "targets") return role;
  throw new InvalidArgumentError("expected root or targets.");
}
