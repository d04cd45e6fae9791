import { join, resolve } from "node:path";
import { SingleBar } from "cli-progress";
import { type Command, InvalidArgumentError, Option } from "commander";
import { SEVERITIES, type Severity } from "../../protocol/release.ts";
import { formatExpires } from "../../protocol/tuf/expiry-time.ts";
import { writeTogether } from "../files/write-together.ts";
import { addRelease } from "../release/add-release.ts";
import { artifactSize } from "../release/hash-artifact.ts";
import { ReleaseError } from "../release/release-error.ts";
import type { ArtifactRequest, DeltaOrigin, ReleaseRequest } from "../release/release-request.ts";
import { parseRequiredFact, type RequiredFact } from "../release/required-facts.ts";
import type { SignedReleases } from "../release/sign-releases.ts";
import { releaseSigners, signReleases } from "../release/sign-releases.ts";
import { locateState } from "../source/locate-state.ts";
import { readWorktreeState } from "../state/read-worktree-state.ts";
import { OFFLINE_LIFETIMES } from "../trust/lifetimes.ts";
import type { CommandInstaller } from "./command-line.ts";
import { EXIT } from "./command-line.ts";
import type { SignerOptions } from "./keys-options.ts";
import { keysAtHand, withPassphrase, withSignerCommand } from "./keys-options.ts";

interface SharedOptions extends Omit<SignerOptions, "dir"> {
  readonly root?: string;
  readonly keys: string;
  readonly json?: true;
}

interface AddOptions extends SharedOptions {
  readonly artifact: readonly ArtifactRequest[];
  readonly urlBase?: string;
  readonly repository?: string;
  readonly notes?: string;
  readonly severity: Severity;
  readonly upgradeFrom?: string;
  readonly rollbackTo?: string;
  readonly barrier?: true;
  readonly barrierReason?: string;
  readonly deadEnd?: string;
  readonly deadEndUrl?: string;
  readonly requires?: readonly RequiredFact[];
  readonly deltaFrom?: readonly DeltaOrigin[];
  readonly allowMismatch?: true;
}

export const addReleaseCommand: CommandInstaller = (program) => {
  const release = program.command("release").description("add versions of a product and sign its index");

  withSharedOptions(
    release
      .command("add")
      .description("hash the files of a version, write its version file and sign the product's release role")
      .argument("<product>", "the product, as its folder in products/ is called")
      .argument("<version>", "the version, as the product counts them")
      .requiredOption(
        "--artifact <platform=file>",
        "a file and what it is for; once for each",
        collectArtifact,
      )
      .option(
        "--url-base <url>",
        "where the files are downloaded from; without it they are copied to artifacts/",
      )
      .option(
        "--repository <name>",
        "the apt or dnf repository that has the .deb and .rpm files: machines fetch them from there",
      )
      .option("--notes <text>", "what changed, for people")
      .addOption(
        new Option("--severity <kind>", "what kind of change it is, for people")
          .choices(SEVERITIES)
          .default("normal"),
      )
      .option(
        "--upgrade-from <range>",
        "versions that may step to this one directly; others go through one of them",
      )
      .option("--barrier", "everybody older passes through this version on the way to a later one")
      .option("--barrier-reason <text>", "a barrier, and why", readReason)
      .option(
        "--dead-end <reason>",
        "no way leads up from this version, and why: machines that run it stay",
        readReason,
      )
      .option("--dead-end-url <https-url>", "where a person reads what to do at the dead end", readHttpsUrl)
      .option("--rollback-to <range>", "versions that this one may be rolled back to")
      .option(
        "--requires <name=value>",
        "what a machine must have, in place of what the files say; once for each",
        (value: string, before: readonly RequiredFact[] = []) => [...before, parseRequiredFact(value)],
      )
      .option(
        "--delta-from <version|file>",
        "make a delta from an earlier version, or [platform=]file; once for each",
        collectDeltaOrigin,
      )
      .option(
        "--allow-mismatch",
        "release files also that are not for their platform, and packages of another name or version",
      ),
  )
    .addHelpText("after", ADD_HELP)
    .action((product: string, version: string, options: AddOptions, command: Command) => {
      const mistake = mistakeIn(options);
      return mistake === undefined
        ? runAdd(product, version, options)
        : command.error(`error: ${mistake}`, { exitCode: EXIT.usage });
    });

  withSharedOptions(
    release
      .command("sign")
      .description(
        "sign the release role again from the version files: after a merge, an edit, or before it expires",
      )
      .argument("[product]", "the product; all when absent"),
  )
    .addHelpText("after", SIGN_HELP)
    .action(runSign);
};

const ADD_HELP = `
All of it or nothing; the same release once more changes nothing. What a version has never changes; builds for a platform
that it lacks are added to it.

What a file requires is read from itself and signed with it: the C library that an ELF file is linked to and the newest
symbols that it needs of glibc, the oldest macOS of a Mach-O file, the oldest Windows of a PE file. A machine that lacks
it keeps what it has, or gets the newest version before that fits. --requires says it in place of the file, or what no
file says: glibc, musl, kernel, macos, windowsBuild and os.ID with a range, cpu with features, memory and disk with a
size; \`any\` for nothing. PLATFORM: in front says it of one platform.

A file that is called .deb or .rpm is released as a package: its name, version and architecture are read from it, with
dpkg-deb or rpm. Its version has to be the one that is released, and its name that of the product's other packages.

A file that is called .zip, .tar.gz, .tgz or .tar.zst is released as an archive, of which nothing is read.

--delta-from makes a small way to this version for machines that have that one, with the program zstd. Machines take the
whole file where they cannot use it.

Examples:
  fairlead release add agent 1.4.2 --artifact linux-x64=./agent --delta-from 1.4.1 --delta-from 1.4.0
  fairlead release add agent 1.4.2 --artifact linux-x64=./agent --artifact darwin-arm64=./agent-mac
  fairlead release add agent 1.4.2 --artifact linux-x64=./agent --rollback-to ">=1.4.0" --keys /run/secrets
  fairlead release add agent 1.4.2 --artifact linux-x64=./agent --requires glibc=">=2.31" --requires linux-x64:cpu=avx2
  fairlead release add agent 1.4.2 --artifact linux-x64=./agent_1.4.2-1_amd64.deb
  fairlead release add agent 1.4.2 --artifact linux-x64=./agent_1.4.2-1_amd64.deb --repository acme
  fairlead release add agent 2.0.0 --artifact linux-x64=./agent --barrier-reason "moves the database"

That a version is a barrier or a dead end is often found later: write \`barrier\` or \`deadEnd\` into its file, then
run \`fairlead release sign\`.`;

const SIGN_HELP = `
Examples:
  fairlead release sign
  fairlead release sign agent --keys /run/secrets --passphrase-fd 3 3< <(your-vault read agent)`;

function withSharedOptions(command: Command): Command {
  const shared = command
    .option("--root <dir>", "folder of the state (holds fleet.yaml); found upward from here when absent")
    .option("--keys <dir>", "folder of the release key", "keys")
    .option("--json", "print what was done as JSON");
  return withSignerCommand(withPassphrase(shared));
}

function collectArtifact(value: string, before: readonly ArtifactRequest[] = []): ArtifactRequest[] {
  const [, platform, file] = /^([^=]+)=(.+)$/s.exec(value) ?? [];
  if (platform === undefined || file === undefined) {
    throw new InvalidArgumentError("expected a platform and a file, such as linux-x64=./agent.");
  }
  return [...before, { platform, file: resolve(file) }];
}

function collectDeltaOrigin(value: string, before: readonly DeltaOrigin[] = []): DeltaOrigin[] {
  const [, platform, file] = /^([a-z0-9]+-[a-z0-9_]+)=(.+)$/s.exec(value) ?? [];
  return [
    ...before,
    platform === undefined || file === undefined ? { from: value } : { platform, from: file },
  ];
}

function readReason(value: string): string {
  if (value.trim() !== "" && value.length <= 500) return value;
  throw new InvalidArgumentError("expected a reason of up to 500 characters.");
}

function readHttpsUrl(value: string): string {
  if (/^https:\/\/[!-~]{1,500}$/.test(value)) return value;
  throw new InvalidArgumentError("expected a URL that begins with https://.");
}

/** Options that do not fit together; `undefined`: none. */
function mistakeIn({ barrier, barrierReason, deadEnd, deadEndUrl }: AddOptions): string | undefined {
  if (deadEnd === undefined && deadEndUrl !== undefined)
    return "--dead-end-url goes with --dead-end <reason>";
  const isBarrier = barrier === true || barrierReason !== undefined;
  return deadEnd !== undefined && isBarrier
    ? "nobody could pass through a barrier that is a dead end"
    : undefined;
}

async function runAdd(product: string, version: string, options: AddOptions): Promise<void> {
  const { root } = locateState(process.cwd(), options.root);
  const stop = new AbortController();
  const onInterrupt = (): void => stop.abort();
  process.once("SIGINT", onInterrupt);
  const bar = progressBar(options.artifact);
  try {
    const added = await addRelease(
      {
        root,
        product,
        version,
        artifacts: options.artifact,
        severity: options.severity,
        keys: keysAtHand({ ...options, dir: options.keys }),
        now: now(),
        ...(options.urlBase === undefined ? {} : { urlBase: options.urlBase }),
        ...(options.repository === undefined ? {} : { repository: options.repository }),
        ...(options.notes === undefined ? {} : { releaseNotes: options.notes }),
        ...(options.upgradeFrom === undefined ? {} : { upgradeFrom: options.upgradeFrom }),
        ...(options.rollbackTo === undefined ? {} : { rollbackTo: options.rollbackTo }),
        ...barrierOf(options),
        ...deadEndOf(options),
        ...(options.requires === undefined ? {} : { requires: options.requires }),
        ...(options.deltaFrom === undefined ? {} : { deltaFrom: options.deltaFrom }),
        ...(options.allowMismatch === undefined ? {} : { allowMismatch: true }),
      },
      { onBytes: (count) => bar?.increment(count), signal: stop.signal },
    );
    bar?.stop();
    const { files, artifacts, findings, signed } = added;
    if (options.json === true) {
      print(
        JSON.stringify(
          { product, version, files, artifacts, findings, ...(signed && { signed: summary(signed) }) },
          undefined,
          2,
        ),
      );
      return;
    }
    for (const [index, { platform, size, sha256 }] of artifacts.entries()) {
      print(`${platform}  ${size} bytes  sha256 ${sha256}`);
      for (const finding of findings[index] ?? []) print(`  ${finding}`);
    }
    for (const file of files) print(`wrote ${file}`);
    if (signed === undefined)
      print("there is no trust/ folder, so nothing was signed: fine for --dev-keys only");
    else print(describe(signed));
    print(
      `next: commit these files, then promote it: fairlead promote ${version} --to CHANNEL --product ${product}`,
    );
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.stderr.write("stopped; nothing was written\n");
    process.exitCode = EXIT.interrupted;
  } finally {
    bar?.stop();
    process.removeListener("SIGINT", onInterrupt);
  }
}

function barrierOf({ barrier, barrierReason }: AddOptions): Pick<ReleaseRequest, "barrier"> {
  if (barrierReason !== undefined) return { barrier: { reason: barrierReason } };
  return barrier === undefined ? {} : { barrier: {} };
}

function deadEndOf({ deadEnd: reason, deadEndUrl: url }: AddOptions): Pick<ReleaseRequest, "deadEnd"> {
  return reason === undefined ? {} : { deadEnd: { reason, ...(url === undefined ? {} : { url }) } };
}

async function runSign(product: string | undefined, options: SharedOptions): Promise<void> {
  const { root } = locateState(process.cwd(), options.root);
  const state = await readWorktreeState(root);
  const trust = state.trust();
  if (trust === undefined) {
    throw new ReleaseError(
      "release/no-trust",
      "the state has no trust/ folder, so there is nothing to sign",
      {
        help: "make keys with `fairlead keys init` first",
      },
    );
  }
  const keys = keysAtHand({ ...options, dir: options.keys });
  const signed: SignedReleases[] = [];
  for (const name of product === undefined ? state.productNames() : [product]) {
    const signers = releaseSigners(trust, name, keys, now());
    signed.push(await signReleases(trust, state.product(name), signers, now()));
  }
  writeTogether(signed.map(({ path, bytes }) => ({ path: join(root, path), bytes, write: "replace" })));
  if (options.json === true) print(JSON.stringify(signed.map(summary), undefined, 2));
  else for (const role of signed) print(describe(role));
}

function progressBar(artifacts: readonly ArtifactRequest[]): SingleBar | undefined {
  if (!process.stderr.isTTY) return undefined;
  const bar = new SingleBar({
    format: "hashing {bar} {percentage}% of {total} bytes",
    clearOnComplete: true,
  });
  bar.start(
    artifacts.reduce((total, { file }) => total + artifactSize(file), 0),
    0,
  );
  return bar;
}

function summary({ path, version, targets }: SignedReleases): object {
  return { path, version, targets };
}

function describe({ path, version, targets }: SignedReleases): string {
  const until = formatExpires(now() + OFFLINE_LIFETIMES.releases.life).slice(0, 10);
  return `signed ${path}: version ${version}, ${targets} artifacts, good until ${until}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
