import { DomainError } from "../../protocol/domain-error.ts";
import type { Releases } from "../../protocol/release.ts";
import { formatTime } from "../../protocol/trail.ts";
import type { AgentConfig } from "../config/agent-config.ts";
import { PLATFORM } from "../decision/machine-builds.ts";
import { FetchError } from "../fetch/fetch-error.ts";
import type { TrustedRepository } from "../trust/trusted-repository.ts";
import { type Finding, fine, problem, unknown } from "./finding.ts";

const DAY = 86_400;
/** Before that many seconds people who hold offline keys ought to have signed again. */
const SIGN_AGAIN_BEFORE = 14 * DAY;
/** Roles that a person signs; the others are renewed by the controller. */
const OFFLINE_ROLES: ReadonlySet<string> = new Set(["root", "targets"]);

/** Whether the manifest is what this machine can trust, and for how long. Brings it up to date. */
export async function lookAtTrust(repository: TrustedRepository, now: number): Promise<readonly Finding[]> {
  try {
    const { version } = await repository.refresh();
    return [fine("manifest", `verified, version ${version}`), ...lookAtExpiry(repository, now)];
  } catch (error) {
    if (error instanceof FetchError) return [unknown("manifest", `not brought up to date: ${error.message}`)];
    return [asProblem("manifest", error)];
  }
}

function lookAtExpiry(repository: TrustedRepository, now: number): readonly Finding[] {
  const soon = repository
    .expiries()
    .filter(({ role, expires }) => OFFLINE_ROLES.has(role) && expires - now < SIGN_AGAIN_BEFORE);
  const findings = soon.map(({ role, expires }) =>
    problem(
      "keys",
      `what signs \`${role}\` expires at ${formatTime(expires)}`,
      "tell whoever holds the offline keys: `fairlead keys` renews it; after that time nothing is updated",
    ),
  );
  return findings.length > 0
    ? findings
    : [fine("keys", "the offline roles are signed for two weeks and more")];
}

/** Whether the manifest knows what the config names. */
export async function lookAtEnrolment(
  repository: TrustedRepository,
  config: AgentConfig,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { product } of config.products) {
    findings.push(
      await known("product", `the manifest knows the product ${product}`, async () => {
        await Promise.all([repository.releases(product), repository.productPolicy(product)]);
      }),
    );
  }
  const { tenant } = config;
  if (tenant !== undefined) {
    findings.push(
      await known("tenant", `the manifest knows the tenant ${tenant.name} by this key`, async () => {
        await repository.tenantPolicy(tenant);
      }),
    );
  }
  return findings;
}

async function known(check: string, text: string, ask: () => Promise<void>): Promise<Finding> {
  try {
    await ask();
    return fine(check, text);
  } catch (error) {
    return error instanceof FetchError ? unknown(check, error.message) : asProblem(check, error);
  }
}

export function asProblem(check: string, error: unknown): Finding {
  if (!(error instanceof DomainError)) throw error;
  return problem(check, `${error.code}: ${error.message}`, error.help ?? "see docs/errors.md for the code");
}

/** Bytes of the largest artifact that this machine may be given; `undefined`: none is known. */
export function largestArtifact(releases: Releases): number | undefined {
  const sizes = releases
    .flatMap(({ artifacts }) => artifacts)
    .filter(({ platform }) => platform === PLATFORM)
    .map(({ size, package: named }) => named?.file?.size ?? size);
  return sizes.length === 0 ? undefined : Math.max(...sizes);
}
