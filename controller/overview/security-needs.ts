import type { StandingStop } from "../desired/standing-lines.ts";
import { scopeOf, scopeOptions } from "./hold-needs.ts";
import { type Need, type NeedAction, type NeedProposal, need, proposing } from "./need.ts";
import type { HeldSecurity, OverviewInput } from "./overview-input.ts";
import { fleetPage } from "./page-paths.ts";
import { authorName, capital, commitName, count, grouped, moment, span } from "./phrases.ts";

/** Machines that a pause, a pin, a freeze or a window keeps below a security release. */
export function securityNeeds(input: OverviewInput): Need[] {
  return input.heldSecurity.map((held) => securityNeed(input, held));
}

function securityNeed(input: OverviewInput, held: HeldSecurity): Need {
  const { stop, product, channel, version, since, devices } = held;
  const { origin, file, line, tenant, site } = stop;
  return need(`${stop.kind} ${stop.scope} ${stop.product ?? ""} ${product}/${channel}`, {
    kind: "security-held",
    // They are held from when both are so.
    since: Math.max(since, origin?.at ?? since),
    ...(stop.until === undefined ? {} : { at: stop.until }),
    what: `${count(devices, "machine")} of ${stop.scope} stay${devices === 1 ? "s" : ""} below ${product} ${version}, a security release`,
    why: `${reasonOf(input, held)} ${channel} offers it for ${span(input.now - since)}.`,
    subject: {
      ...{ product, channel, version, devices, file, line },
      ...(tenant === undefined ? {} : { tenant }),
      ...(site === undefined ? {} : { site }),
      ...(origin === undefined || input.tenants !== null ? {} : { commit: origin.commit }),
    },
    action: {
      label: devices === 1 ? "Show it" : `Show the ${grouped(devices)}`,
      page: fleetPage({ product, channel, tenant, site, version: `<${version}` }),
      ...wayOut(input, held),
    },
  });
}

function reasonOf(input: OverviewInput, { stop }: HeldSecurity): string {
  const { origin, until, version = "" } = stop;
  const { now, tenants } = input;
  const by =
    origin === undefined || tenants !== null
      ? ""
      : `, by ${authorName(origin.author)} in \`${commitName(origin.commit)}\``;
  const end = until === undefined ? "" : ` until ${moment(until, now)}`;
  const age = origin === undefined ? "" : ` for ${span(now - origin.at)}`;
  switch (stop.kind) {
    case "pause":
      return `${capital(stop.scope)} is paused${end}${age}${by}.`;
    case "freeze":
      return `${capital(stop.scope)} is frozen${end}${by}.`;
    case "pin":
      return `They are pinned to ${version}${end}${age}${by}.`;
    case "window":
      return "Its window was not open since.";
  }
}

/** What ends it: on the command line, and as a commit where there is one. */
function wayOut(
  { tenants }: OverviewInput,
  { stop, product, version }: HeldSecurity,
): Pick<NeedAction, "commands" | "proposals"> {
  const options = scopeOptions(stop.scope, stop.tenant);
  const of = stop.tenant === undefined || stop.product === undefined ? "" : ` --product ${stop.product}`;
  switch (stop.kind) {
    case "pause":
      return {
        commands: [`fairlead resume ${options}${of}`],
        ...proposing(tenants, [ending(stop, "resume", "Resume", `Resume ${stop.scope}`)]),
      };
    case "freeze":
      return { commands: [`fairlead unfreeze ${options}${of} --reason "..."`] };
    case "pin":
      return {
        commands: [`fairlead unpin ${options} --product ${product}`],
        ...proposing(tenants, [
          ending(stop, "unpin", "Remove the pin", `Remove the pin of ${stop.scope} to ${product}`),
        ]),
      };
    case "window": {
      const { tenant, site, group } = stop;
      const machines = [
        ...(tenant === undefined ? [] : [`--tenant ${tenant}`]),
        ...(site === undefined ? [] : [`--site ${site}`]),
        ...(group === undefined ? [] : [`--group ${tenant}/${group}`]),
      ].join(" ");
      return {
        commands: [
          `fairlead agents update ${stop.device ?? `--product ${product} --runs '<${version}' ${machines} --dry-run`}`,
        ],
      };
    }
  }
}

function ending(
  { scope, tenant, product }: StandingStop,
  kind: "resume" | "unpin",
  label: string,
  title: string,
): NeedProposal {
  const of = tenant === undefined || product === undefined ? {} : { product };
  return { label, title, change: { kind, ...scopeOf(scope, tenant), ...of } };
}
