import { releaseRoleProduct } from "../../protocol/manifest-names.ts";
import { OFFLINE_LIFETIMES, ONLINE_LIFETIMES } from "../trust/lifetimes.ts";
import { type Need, need } from "./need.ts";
import type { OverviewInput } from "./overview-input.ts";
import { capital, moment, span, uncapital } from "./phrases.ts";

/** Whether what is signed goes on to be good, and what is hosted is what was signed. */
export function trustNeeds(input: OverviewInput): Need[] {
  return [...expiryNeeds(input), ...damageNeeds(input)];
}

/** How long before its end a role asks for people: time to find those who hold its key. */
function alarmOf(role: string): { readonly life: number; readonly alarm: number } {
  switch (role) {
    case "root":
    case "targets":
      return OFFLINE_LIFETIMES[role];
    case "snapshot":
    case "timestamp": {
      // Signed anew by itself after a third of its life: near the end something keeps the controller from it.
      const life = ONLINE_LIFETIMES[role];
      return { life, alarm: Math.floor(life / 3) };
    }
    default: {
      if (releaseRoleProduct(role) !== undefined) return OFFLINE_LIFETIMES.releases;
      const life = ONLINE_LIFETIMES.policy;
      return { life, alarm: Math.floor(life / 3) };
    }
  }
}

function expiryNeeds({ tenants, serving, now }: OverviewInput): Need[] {
  if (tenants !== null) return [];
  return [...(serving?.expiries ?? [])].flatMap(([role, expires]) => {
    const { alarm } = alarmOf(role);
    const begins = expires - alarm;
    if (now < begins) return [];
    const isOver = expires <= now;
    const name = roleName(role);
    const date = moment(expires, now);
    return need(role, {
      kind: isOver ? "expired" : "expires",
      since: isOver ? expires : begins,
      at: expires,
      what: isOver ? `${capital(name)} has expired` : `${capital(name)} expires in ${span(expires - now)}`,
      why: `${isOver ? "Since" : "On"} ${date}. ${renewal(role)} ${isOver ? lost(role) : `After that ${uncapital(lost(role))}`}`,
      subject: {},
      action: { label: isOver ? "Sign it again" : "Plan the renewal", commands: renewalCommands(role) },
    });
  });
}

function roleName(role: string): string {
  const product = releaseRoleProduct(role);
  if (product !== undefined) return `the release index of ${product}`;
  return role === "root" ? "root" : `the role \`${role}\``;
}

function lost(role: string): string {
  const product = releaseRoleProduct(role);
  return product === undefined
    ? "No agent updates until it is renewed."
    : `No agent updates ${product} until it is renewed; other products go on.`;
}

function renewal(role: string): string {
  if (role === "root" || role === "targets") return "Its renewal needs the people who hold the offline keys.";
  if (releaseRoleProduct(role) !== undefined) return "The release key signs it anew.";
  return "The controller should have signed it anew by itself.";
}

function renewalCommands(role: string): readonly string[] {
  const product = releaseRoleProduct(role);
  if (product !== undefined) return [`fairlead release renew ${product}`];
  return role === "root" || role === "targets" ? ["fairlead keys status"] : ["fairlead status"];
}

function damageNeeds({ tenants, controller, serving }: OverviewInput): Need[] {
  if (tenants !== null) return [];
  return controller.damagedArtifacts.map(({ target, path, problem }) =>
    need(target, {
      kind: "damaged",
      what: `\`${path}\` is not what was signed`,
      why: `It ${problem}. It is not served; machines stay on what they run and try again.`,
      subject: { file: path, ...(serving === undefined ? {} : { commit: serving.commit }) },
      action: { label: "Put the file back", commands: ["fairlead validate"] },
    }),
  );
}
