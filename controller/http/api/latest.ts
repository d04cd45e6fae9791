import { decide } from "../../../protocol/decide.ts";
import type { Decision } from "../../../protocol/decision.ts";
import type { ChannelPolicy, ProductPolicy, Rollout, Spread } from "../../../protocol/policy.ts";
import type { ReleaseArtifact, ReleasePackage, Releases } from "../../../protocol/release.ts";
import { releasesForFormat } from "../../../protocol/releases-for-format.ts";
import { servedTargetPath } from "../../../protocol/tuf/name-files.ts";
import { isVersion } from "../../../protocol/version.ts";
import { HttpError } from "../http-error.ts";
import type { ManifestView } from "../manifest/served-manifest.ts";

/** What a script asks. `channel` and `tenant` exclude each other; with neither the fleet's default channel counts. */
export interface LatestQuery {
  readonly product: string;
  readonly platform: string;
  /** How the asker installs it; absent: it takes any format, a single file first. */
  readonly format?: string;
  readonly channel?: string;
  readonly tenant?: string;
  readonly site?: string;
  readonly device?: string;
  /** What is installed; absent: nothing. */
  readonly version?: string;
  /** The newest version that the device ever confirmed; absent: none is newer than what is installed. */
  readonly newestConfirmed?: string;
}

export interface LatestAnswer {
  /** What this device should run now: the next step of an update, else what is installed. */
  readonly version: string | null;
  readonly action: Decision["action"];
  /** Where the way leads in the end, once its turn has come. */
  readonly target?: string;
  /** Where the bytes of `version` are; present where there is something to run. */
  readonly url?: string;
  readonly sha256?: string;
  /** In the place of `url`, where the machine's package manager fetches it. */
  readonly package?: ReleasePackage;
  /** Bytes. */
  readonly size?: number;
  readonly waitingFor?: string;
  /** RFC 3339 time from which a wait may be over. */
  readonly eligibleAt?: string;
  /** The wave that it waits for, counted from 1, where nobody has opened that yet. */
  readonly shutWave?: number;
  /** Why a version that is offered must not be taken. */
  readonly refusal?: string;
  /** The same for people: which rule stands against it, where to read on at a dead end. */
  readonly reason?: string;
  /** The minimum version that the installed one is below. */
  readonly belowMinimum?: string;
}

/**
 * What a device of this description should run, for scripts that cannot verify a manifest. It is `decide`, the
 * function that agents run, over the same documents.
 *
 * An asker without a device id stands last in every queue: it gets a version when the last wave has opened.
 *
 * @param origin what hosted artifacts' URLs begin with: `https://host:port`
 * @param now    seconds since 1970
 * @throws HttpError 400 or 404
 */
export function latest(
  manifest: ManifestView,
  query: LatestQuery,
  origin: string,
  now: number,
): LatestAnswer {
  const product = manifest.products.get(query.product);
  if (product === undefined) throw unknown("product", query.product, manifest.products.keys());
  const releases = releasesForFormat(product.releases, query.format);
  const scoped = scopedPolicy(manifest, product.policy, query);
  if (query.version !== undefined && !isVersion(product.policy.versionScheme, query.version)) {
    throw new HttpError(
      "http/bad-request",
      `\`${query.version}\` is not a ${product.policy.versionScheme} version`,
      {
        help: "give the installed version exactly as it was released, or leave it out",
      },
    );
  }
  const installed = query.version ?? null;
  const decision = decide(
    { product: scoped, ...optional("tenant", manifest.tenants.get(query.tenant ?? "")) },
    releases,
    {
      id: query.device ?? "",
      platform: query.platform,
      ...optional("tenant", query.tenant),
      ...optional("site", query.site),
    },
    { version: installed },
    { ...optional("channel", query.channel), ...optional("newestConfirmed", query.newestConfirmed) },
    now,
  );
  return describe(decision, installed, (version) => artifactOf(manifest, releases, query, version, origin));
}

/** The policy as it is for this asker: see `LatestQuery` and `latest` for the two differences. */
function scopedPolicy(manifest: ManifestView, policy: ProductPolicy, query: LatestQuery): ProductPolicy {
  if (query.tenant !== undefined && query.channel !== undefined) {
    throw new HttpError("http/bad-request", "`tenant` and `channel` exclude each other", {
      help: "name the tenant, whose state says the channel, or a channel to look into it directly",
    });
  }
  if (query.tenant !== undefined && manifest.tenants.get(query.tenant) === undefined) {
    // No list of names here: tenants need not know of each other.
    throw new HttpError("http/unknown-tenant", `there is no tenant \`${query.tenant}\``);
  }
  if (query.channel !== undefined && !Object.hasOwn(policy.channels, query.channel)) {
    throw unknown("channel", query.channel, Object.keys(policy.channels));
  }
  // Asking about a channel is not a machine's own choice of one, so `localOverrides: deny` does not forbid it.
  const fleet =
    query.channel === undefined ? policy.fleet : { ...policy.fleet, localOverrides: "allow" as const };
  return {
    ...policy,
    fleet,
    channels: query.device === undefined ? lastInQueue(policy.channels) : policy.channels,
  };
}

function lastInQueue(channels: ProductPolicy["channels"]): ProductPolicy["channels"] {
  const entries = Object.entries(channels).map(([name, channel]): [string, ChannelPolicy] => [
    name,
    channel.rollout === undefined ? channel : { ...channel, rollout: lastInWaves(channel.rollout) },
  ]);
  return Object.fromEntries(entries);
}

/** Everybody is in the last wave, at its end. The waves before it stay, since what is open is counted in them. */
function lastInWaves({ canary: _, bySeverity, ...rollout }: Rollout): Rollout {
  return {
    ...rollout,
    ...lastOf(rollout),
    ...(bySeverity === undefined ? {} : { bySeverity: { security: lastOf(bySeverity.security) } }),
  };
}

function lastOf({ waves }: Spread): Spread {
  return {
    strategy: "steps",
    waves: waves.map((wave, i) => (i < waves.length - 1 ? { ...wave, ppm: 0 } : wave)),
  };
}

type Place = Pick<LatestAnswer, "url" | "sha256" | "size" | "package">;

function describe(
  decision: Decision,
  installed: string | null,
  placeOf: (version: string) => Place,
): LatestAnswer {
  const minimum = optional("belowMinimum", decision.belowMinimum);
  const { action } = decision;
  switch (decision.action) {
    case "paused":
      return { version: installed, action };
    case "none":
      throw new HttpError("http/nothing-active", "no version of this channel is active", {
        help: `${reasonOf(decision)}; promote one that is`,
      });
    case "stay":
      return { version: installed, action, target: decision.target, ...placeOf(decision.target), ...minimum };
    case "refuse":
      if (installed === null) {
        throw new HttpError("http/nothing-active", `nothing to install here: ${decision.code}`, {
          help: reasonOf(decision),
        });
      }
      return {
        version: installed,
        action,
        ...optional("target", decision.target),
        refusal: decision.code,
        reason: reasonOf(decision),
        ...minimum,
      };
    case "wait": {
      const { target, waitingFor, eligibleAt, shutWave } = decision;
      const at = eligibleAt === undefined ? {} : { eligibleAt: rfc3339(eligibleAt) };
      return {
        version: installed,
        action,
        target,
        waitingFor,
        ...at,
        ...optional("shutWave", shutWave),
        ...minimum,
      };
    }
    case "update":
    case "rollback": {
      const [version] = decision.path;
      return { version, action, target: decision.target, ...placeOf(version), ...minimum };
    }
  }
}

function reasonOf(decision: Decision): string {
  return decision.trail.at(-1)?.text ?? decision.action;
}

function artifactOf(
  manifest: ManifestView,
  releases: Releases,
  query: LatestQuery,
  version: string,
  origin: string,
): Place {
  const artifacts =
    releases
      .find((release) => release.version === version)
      ?.artifacts.filter(({ platform }) => platform === query.platform) ?? [];
  const artifact: ReleaseArtifact | undefined =
    artifacts.find(({ format }) => format === "binary") ?? artifacts[0];
  if (artifact === undefined) return {};
  const { target, sha256, size, package: named } = artifact;
  // A package manager fetches it: there is nothing here to download.
  if (named?.repository !== undefined) return { package: named };
  const location = manifest.artifacts.get(target)?.location;
  const url =
    location?.kind === "external" ? location.url : `${origin}/targets/${servedTargetPath(target, sha256)}`;
  return { url, sha256, size };
}

function rfc3339(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000", "");
}

function unknown(what: "product" | "channel", name: string, known: Iterable<string>): HttpError {
  const names = [...known].sort();
  const help = names.length === 0 ? "there is none yet" : `there is: ${names.slice(0, 20).join(", ")}`;
  return new HttpError(
    what === "product" ? "http/unknown-product" : "http/unknown-channel",
    `there is no ${what} \`${name}\``,
    { help },
  );
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
