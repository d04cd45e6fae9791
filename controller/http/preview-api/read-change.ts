import type { ChangeRequest, ChangeScope } from "../../propose/change-request.ts";
import { HttpError } from "../http-error.ts";

/** What is sent, as the schema lets it through. */
export interface ProposalBody extends ChangeScope {
  readonly kind: ChangeRequest["kind"];
  readonly version?: string;
  readonly platforms?: readonly string[];
  readonly waves?: number;
  readonly allWaves?: boolean;
  readonly restartWaves?: boolean;
  readonly reason?: string;
  readonly owner?: string;
  readonly expires?: string;
  readonly until?: string;
  readonly base?: string;
  readonly dryRun?: boolean;
}

/** What each kind takes. Whom a scope names is checked with the state. */
const TAKES: Readonly<Record<ChangeRequest["kind"], string>> = {
  promote: "product channel version",
  rollback: "product channel version reason",
  yank: "product version reason platforms",
  unyank: "product version reason platforms",
  pause: "fleet product channel tenant site group device reason until",
  resume: "fleet product channel tenant site group device reason",
  "resume-halt": "product channel reason restartWaves",
  advance: "product channel waves allWaves",
  pin: "product tenant site group device version reason owner expires",
  unpin: "product tenant site group device reason",
  "min-version": "fleet product channel version reason",
};

/**
 * The change that a body asks for.
 *
 * @throws HttpError `http/bad-request` for what is missing, or what this kind does not take
 */
export function readChange({ kind, ...given }: Omit<ProposalBody, "base" | "dryRun">): ChangeRequest {
  const taken = TAKES[kind].split(" ");
  const stray = Object.keys(given).find((key) => !taken.includes(key));
  if (stray !== undefined) throw badBody(`\`${kind}\` takes no \`${stray}\``);
  const { product, channel, version, reason, platforms } = given;
  switch (kind) {
    case "promote":
      return {
        kind,
        product: need(product, "product"),
        channel: need(channel, "channel"),
        version: need(version, "version"),
      };
    case "rollback":
      return {
        ...{ kind, product: need(product, "product"), channel: need(channel, "channel") },
        ...{ version: need(version, "version"), reason: need(reason, "reason") },
      };
    case "yank":
    case "unyank":
      return {
        ...{
          kind,
          product: need(product, "product"),
          version: need(version, "version"),
          reason: need(reason, "reason"),
        },
        ...(platforms === undefined ? {} : { platforms }),
      };
    case "pause": {
      const { until } = given;
      return {
        kind,
        scope: scopeOf(given),
        reason: need(reason, "reason"),
        ...(until === undefined ? {} : { until }),
      };
    }
    case "resume":
      return { kind, scope: scopeOf(given), ...(reason === undefined ? {} : { reason }) };
    case "resume-halt": {
      const { restartWaves } = given;
      return {
        ...{
          kind,
          product: need(product, "product"),
          channel: need(channel, "channel"),
          reason: need(reason, "reason"),
        },
        ...(restartWaves === undefined ? {} : { restartWaves }),
      };
    }
    case "advance": {
      const waves = given.allWaves === true ? "all" : given.waves;
      return {
        ...{ kind, product: need(product, "product"), channel: need(channel, "channel") },
        ...(waves === undefined ? {} : { waves }),
      };
    }
    case "pin": {
      need(product, "product");
      const { owner, expires } = given;
      return {
        ...{
          kind,
          scope: ofTenant(given),
          version: need(version, "version"),
          reason: need(reason, "reason"),
        },
        ...(owner === undefined ? {} : { owner }),
        ...(expires === undefined ? {} : { expires }),
      };
    }
    case "unpin":
      need(product, "product");
      return { kind, scope: ofTenant(given), ...(reason === undefined ? {} : { reason }) };
    case "min-version":
      return {
        kind,
        scope: scopeOf(given),
        version: need(version, "version"),
        ...(reason === undefined ? {} : { reason }),
      };
  }
}

function scopeOf({ fleet, product, channel, tenant, site, group, device }: ChangeScope): ChangeScope {
  const named = Object.entries({ fleet, product, channel, tenant, site, group, device });
  return Object.fromEntries(named.filter(([, value]) => value !== undefined));
}

function ofTenant(given: ChangeScope): ChangeScope {
  need(given.tenant, "tenant");
  return scopeOf(given);
}

function need<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw badBody(`\`${name}\` is missing`);
  return value;
}

function badBody(message: string): HttpError {
  return new HttpError("http/bad-request", message, { help: "see /openapi.json for what each kind takes" });
}
