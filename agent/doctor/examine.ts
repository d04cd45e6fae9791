import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type AgentConfig, metadataUrl, type ProductConfig } from "../config/agent-config.ts";
import { readConfig } from "../config/config-file.ts";
import { openDeviceSigner } from "../config/device-key.ts";
import { openRepository } from "../config/open-repository.ts";
import { describeUnknownKeys } from "../config/unknown-keys.ts";
import { openFormat } from "../formats/formats.ts";
import type { AgentHome } from "../home/agent-home.ts";
import { CheckInNotesFile } from "../report/check-in-notes.ts";
import type { TrustedRepository } from "../trust/trusted-repository.ts";
import { type Finding, fine, problem } from "./finding.ts";
import { lookAtLock, lookAtRoom, lookAtRunning, lookAtWriting } from "./look-at-folders.ts";
import { lookAtProxy, lookAtServer } from "./look-at-server.ts";
import { asProblem, largestArtifact, lookAtEnrolment, lookAtTrust } from "./look-at-trust.ts";
import { lookAtUnit } from "./look-at-unit.ts";

const DEFAULT_UNIT = "fairlead-agent.service";
const UNIT_FOLDERS = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];

/** What stands in the way of updates on this machine, look by look, the machine itself first and the network last. */
export async function* examine(
  home: AgentHome,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal,
): AsyncGenerator<Finding> {
  let config: AgentConfig;
  try {
    config = await readConfig(home);
    openDeviceSigner(home);
  } catch (error) {
    yield asProblem("config", error);
    return;
  }
  const strange = describeUnknownKeys(config.unknownKeys ?? []);
  if (strange.length === 0) yield fine("config", `\`${home.config}\` is understood`);
  for (const { text, help } of strange) yield problem("config", text, help);
  yield lookAtWriting("home", home.directory);

  const now = (): number => Math.floor(Date.now() / 1000);
  const repository = openRepository(config.server, home, now);
  yield lookAtProxy(environment);
  yield* await lookAtServer(metadataUrl(config.server), now, signal);
  yield* await lookAtTrust(repository, now());
  yield* await lookAtEnrolment(repository, config);
  for (const product of config.products) yield* lookAtProduct(product, repository);
  yield* unitFindings(home, config);
  if (config.checkIn) yield lookAtCheckIns(home);
}

async function* lookAtProduct(
  product: ProductConfig,
  repository: TrustedRepository,
): AsyncGenerator<Finding> {
  const folder = dirname(product.installPath);
  const writing = lookAtWriting("install", folder);
  yield writing;
  if (writing.result === "fine") {
    yield await lookAtRunning(folder);
    const releases = await repository.releases(product.product).catch(() => []);
    yield lookAtRoom(folder, largestArtifact(releases));
  }
  const format = await openFormat(product.format, product);
  yield lookAtLock("lock", format.staging.lock);
  const obstacles = (await format.obstacles?.()) ?? [];
  for (const { text, help } of obstacles) yield problem("format", text, help);
  if (obstacles.length === 0) yield fine("format", `${format.name} can be installed here`);
}

function* unitFindings(home: AgentHome, config: AgentConfig): Generator<Finding> {
  const folders = [home.directory, ...config.products.map(({ installPath }) => dirname(installPath))];
  for (const path of UNIT_FOLDERS.map((folder) => join(folder, DEFAULT_UNIT))) {
    try {
      yield lookAtUnit(DEFAULT_UNIT, readFileSync(path, "utf8"), [...new Set(folders)]);
      return;
    } catch {
      // There is no such unit in that folder, or not for this user's eyes.
    }
  }
}

function lookAtCheckIns({ checkIns }: AgentHome): Finding {
  const { trouble } = new CheckInNotesFile(checkIns).read();
  if (trouble === undefined) return fine("check-in", "nothing stands against the last one");
  const help = "`fairlead-agent status` says more; updates come all the same";
  return problem("check-in", `${trouble.code}: ${trouble.text}`, help);
}
