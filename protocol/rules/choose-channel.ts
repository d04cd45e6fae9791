import type { DecisionContext } from "../decision-context.ts";
import { nearest } from "../scope.ts";
import { choicesDenied } from "./local-choices.ts";

export interface ChannelChoice {
  readonly name: string;
  /** Who says so, for the trail. */
  readonly because: string;
  readonly where?: string;
}

/** Rule 2: nearest wins, and the machine's own choice is the nearest unless the scope denies it. */
export function chooseChannel({ scopes, local, policy }: DecisionContext): ChannelChoice {
  if (local.channel !== undefined && choicesDenied({ scopes }) === undefined) {
    return { name: local.channel, because: "chosen on this machine" };
  }
  const denied = local.channel === undefined ? "" : " (this machine's own choice is denied)";
  const said = nearest(scopes, "channel");
  if (said !== undefined) {
    return {
      name: said.value,
      because: `from ${said.scope.label}${denied}`,
      where: `${said.scope.where}/channel`,
    };
  }
  return {
    name: policy.fleet.defaultChannel,
    because: `the fleet's default${denied}`,
    where: "fleet.yaml#/defaultChannel",
  };
}
