import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { addProductKey } from "../keys/add-product-key.ts";
import { describeKeys, type KeysReport } from "../keys/describe-keys.ts";
import { initKeys } from "../keys/init-keys.ts";
import { readWorktreeState } from "../state/read-worktree-state.ts";
import type { CommandInstaller } from "./command-line.ts";
import { EXIT } from "./command-line.ts";
import { locateState } from "./locate-state.ts";

interface SharedOptions {
  readonly root?: string;
  readonly dir: string;
  readonly json?: true;
}

interface InitOptions extends SharedOptions {
  readonly rootKeys: number;
  readonly rootThreshold: number;
  readonly product?: readonly string[];
}

export const addKeysCommand: CommandInstaller = (program) => {
  const keys = program.command("keys").description("make, show and extend the keys that the fleet trusts");

  withSharedOptions(
    keys
      .command("init")
      .description("make the keys of a production set-up and the trust/ folder that names them")
      .option("--root-keys <n>", "people who hold a root and a targets key", parseCount, 1)
      .option("--root-threshold <m>", "how many of them must sign together", parseCount, 1)
      .option("--product <name...>", "products that get a release key; all of the state when absent"),
  )
    .addHelpText(
      "after",
      "\nAfterwards give each person their root and targets key, the building pipeline its release key, and the\n" +
        "controller online.json; then delete the folder. Commit trust/.",
    )
    .action(runInit);

  withSharedOptions(
    keys.command("show").description("show fingerprints, who may sign what, and when signatures expire"),
  )
    .addHelpText("after", "\nExit code: 1 when something is wrong, or expires soon.")
    .action(runShow);

  withSharedOptions(
    keys
      .command("add-product")
      .description("make the release key of a new product and delegate its releases to it")
      .argument("<product>", "the product, as its folder in products/ is called"),
  ).action(runAddProduct);
};

function withSharedOptions(command: Command): Command {
  return command
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent")
    .option("--dir <dir>", "folder of the private keys", "keys")
    .option("--json", "print as JSON");
}

function parseCount(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError("expected a whole number from 1 on.");
  return Number(text);
}

async function runInit(options: InitOptions): Promise<void> {
  const { root } = locateState(process.cwd(), options.root);
  const written = await initKeys({
    root,
    keyFolder: resolve(options.dir),
    people: options.rootKeys,
    threshold: options.rootThreshold,
    ...(options.product === undefined ? {} : { products: options.product }),
    now: now(),
  });
  if (options.json === true) {
    print(JSON.stringify(written, undefined, 2));
    return;
  }
  for (const { path, role, keyid } of written.keys) print(`secret  ${path}  ${role}  ${keyid.slice(0, 16)}`);
  for (const path of written.trust) print(`public  ${path}`);
  print(
    "next: commit trust/, give online.json to the controller, and take the other secrets off this machine",
  );
}

async function runShow(options: SharedOptions): Promise<void> {
  const { root } = locateState(process.cwd(), options.root);
  const report = describeKeys((await readWorktreeState(root)).trust(), resolve(options.dir), now());
  print(options.json === true ? JSON.stringify(report, undefined, 2) : render(report));
  if (report.problems.length > 0) process.exitCode = EXIT.refused;
}

async function runAddProduct(product: string, options: SharedOptions): Promise<void> {
  const { root } = locateState(process.cwd(), options.root);
  const files = await addProductKey(root, resolve(options.dir), product, now());
  if (options.json === true) {
    print(JSON.stringify({ files }, undefined, 2));
    return;
  }
  for (const file of files) print(`wrote ${file}`);
  print("next: commit trust/, and give the release key to the pipeline that builds the product");
}

function render({ holders, roles, problems, keyFiles }: KeysReport): string {
  const lines: string[] = holders.length === 0 ? ["there is no trust/ folder: run `fairlead keys init`"] : [];
  for (const { role, threshold, keyids } of holders) {
    const ids = keyids.map((id) => id.slice(0, 16)).join(" ");
    lines.push(`${role}: ${threshold} of ${keyids.length}: ${ids}`);
  }
  for (const { file, version, expires, alarmAt } of roles) {
    lines.push(`${file}: version ${version}, expires ${date(expires)}, sign again from ${date(alarmAt)}`);
  }
  for (const { file, role, keyid } of keyFiles) lines.push(`secret ${file}: ${role} ${keyid.slice(0, 16)}`);
  for (const { severity, file, message, help } of problems) {
    lines.push(`${severity}: ${file}: ${message}`, `  = help: ${help}`);
  }
  return lines.join("\n");
}

function date(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
