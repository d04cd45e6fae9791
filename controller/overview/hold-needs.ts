import type { StandingHold } from "../desired/standing-hold.ts";
import type { StandingPin } from "../desired/standing-lines.ts";
import type { ChangeScope } from "../propose/change-request.ts";
import { type Need, type NeedAction, type NeedProposal, need, proposing } from "./need.ts";
import type { OverviewInput } from "./overview-input.ts";
import { historyPage } from "./page-paths.ts";
import { authorName, capital, commitName, moment, span } from "./phrases.ts";

/** Seconds before its end in which a pin is told of. */
const PIN_ALARM = 14 * 86_400;

/** Pins that have ended or end soon, and pauses that nothing ends by itself. */
export function holdNeeds(input: OverviewInput): Need[] {
  const { controller, tenants, now } = input;
  const isVisible = ({ tenant }: { readonly tenant?: string }): boolean =>
    tenants === null || tenant === undefined || tenants.includes(tenant);
  return [
    ...controller.pins
      .filter(isVisible)
      .filter(({ expires }) => expires - PIN_ALARM <= now)
      .map((pin) => pinNeed(input, pin)),
    ...controller.holds
      .filter(isVisible)
      .filter(({ kind, until }) => kind === "paused" && until === undefined)
      .map((hold) => pauseNeed(input, hold)),
  ];
}

function pinNeed(input: OverviewInput, pin: StandingPin): Need {
  const { scope, tenant, product, version, expires, owner, reason, file, line, origin } = pin;
  const { now } = input;
  const isOver = expires <= now;
  const who = [
    ...(reason === undefined ? [] : [reason]),
    ...(owner === undefined ? [] : [`owner ${owner}`]),
  ].join(", ");
  const because = who === "" ? "Nobody says why it is there." : `${capital(who)}.`;
  const follows = isOver
    ? "It holds nothing any more: its machines follow their channel again."
    : `On ${moment(expires, now)} its machines follow their channel again.`;
  return need(`${scope} ${product}`, {
    kind: isOver ? "pin-expired" : "pin-expires",
    since: isOver ? expires : expires - PIN_ALARM,
    at: expires,
    what: isOver
      ? `The pin of ${scope} to ${product} ${version} expired ${span(now - expires)} ago`
      : `The pin of ${scope} to ${product} ${version} ends in ${span(expires - now)}`,
    why: `${because} ${follows}`,
    subject: {
      product,
      version,
      tenant,
      file,
      line,
      ...(origin === undefined ? {} : { commit: origin.commit }),
    },
    action: {
      label: isOver ? "Remove it" : "Renew or remove it",
      ...linePage(input, origin?.commit),
      commands: [
        ...(isOver
          ? []
          : [`fairlead pin ${version} ${scopeOptions(scope, tenant)} --product ${product} --reason "..."`]),
        `fairlead unpin ${scopeOptions(scope, tenant)} --product ${product}`,
      ],
      ...proposing(input.tenants, pinProposals(pin, isOver)),
    },
  });
}

function pauseNeed(input: OverviewInput, hold: StandingHold): Need {
  const { scope, tenant, product, reason, file, line, origin } = hold;
  const of = product === undefined ? "" : ` for ${product}`;
  const by =
    origin === undefined || input.tenants !== null
      ? ""
      : ` By ${authorName(origin.author)} in \`${commitName(origin.commit)}\`.`;
  const because = reason === undefined ? "Nobody says why." : `${capital(reason)}.`;
  return need(`${scope}${of}`, {
    kind: "paused",
    ...(origin === undefined ? {} : { since: origin.at }),
    what: `${capital(scope)} is paused${of}, without an end`,
    why: `${because} Nothing moves there until somebody resumes it; all else goes on.${by}`,
    subject: {
      ...(tenant === undefined ? {} : { tenant }),
      ...(product === undefined ? {} : { product }),
      ...{ file, line },
      ...(origin === undefined ? {} : { commit: origin.commit }),
    },
    action: {
      label: "Resume",
      ...linePage(input, origin?.commit),
      commands: [
        `fairlead resume ${scopeOptions(scope, tenant)}${product === undefined ? "" : ` --product ${product}`}`,
      ],
      ...proposing(input.tenants, [
        {
          label: "Resume",
          title: `Resume ${scope}${of}`,
          change: {
            kind: "resume",
            ...scopeOf(scope, tenant),
            ...(product === undefined ? {} : { product }),
          },
        },
      ]),
    },
  });
}

function linePage({ tenants }: OverviewInput, commit: string | undefined): Pick<NeedAction, "page"> {
  return commit === undefined || tenants !== null ? {} : { page: historyPage(commit) };
}

/** Seconds for which a pin that ends is renewed. */
const RENEWAL = 90 * 86_400;

function pinProposals(pin: StandingPin, isOver: boolean): NeedProposal[] {
  const { scope, tenant, product, version, expires, reason, owner } = pin;
  const of = { ...scopeOf(scope, tenant), product };
  const remove: NeedProposal = {
    label: "Remove it",
    title: `Remove the pin of ${scope} to ${product} ${version}`,
    change: { kind: "unpin", ...of },
  };
  if (isOver) return [remove];
  const until = new Date((expires + RENEWAL) * 1_000).toISOString().slice(0, 10);
  const renew: NeedProposal = {
    label: `Renew it to ${until}`,
    title: `Pin ${scope} to ${product} ${version} until ${until}`,
    change: {
      ...{ kind: "pin", ...of, version, expires: until },
      ...(reason === undefined ? {} : { reason }),
      ...(owner === undefined ? {} : { owner }),
    },
  };
  return [renew, remove];
}

/** What a scope such as `device d-1` of acme, or `channel agent/stable`, is in a change. */
export function scopeOf(scope: string, tenant: string | undefined): ChangeScope {
  const [kind = "", name = ""] = scope.split(" ");
  const last = name.split("/").at(-1) ?? name;
  const ofTenant = tenant === undefined ? {} : { tenant };
  switch (kind) {
    case "fleet":
      return { fleet: true };
    case "product":
      return { product: name };
    case "channel":
      return { product: name.split("/")[0] ?? "", channel: last };
    case "tenant":
      return ofTenant;
    default:
      return { ...ofTenant, [kind]: last };
  }
}

/** The options of a command that name the same. */
export function scopeOptions(scope: string, tenant: string | undefined): string {
  return Object.entries(scopeOf(scope, tenant))
    .map(([kind, name]) => (name === true ? `--${kind}` : `--${kind} ${name}`))
    .join(" ");
}
