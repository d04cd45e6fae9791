import { productOfRole } from "./key-roles.ts";
import type { MadeKey } from "./key-supply.ts";
import type { SigningRequest } from "./signing-request.ts";

/** What people do after `trust/` was written, in order; one line each. */
export function nextSteps({ present, proposed }: SigningRequest, made: readonly MadeKey[]): string[] {
  const steps: string[] = [];
  const online = proposed.root?.role.roles.timestamp.keyids;
  const onlineBefore = present.root?.role.roles.timestamp.keyids;
  const isOnlineNew = online !== undefined && String(online) !== String(onlineBefore);
  if (isOnlineNew && onlineBefore !== undefined) {
    steps.push(
      "put the new online key in the place of the controller's old one (serve --online-key, or online.json in its " +
        "state folder), just before the change is merged; it need not be restarted",
    );
  }
  steps.push(
    present.root === undefined
      ? "commit trust/, and give the online key to the controller (serve --online-key FILE), with naming-secret beside it"
      : "commit trust/ and have it merged: machines follow by themselves",
  );
  for (const product of proposed.indexes.keys()) {
    steps.push(`give the release key of ${product} to the pipeline that builds it`);
  }
  const people = made.filter(({ key }) => key.role === "root" || key.role === "targets");
  if (people.length > 0) steps.push("give the root and targets keys to their holders, and delete them here");
  else if (made.some(({ key }) => key.role === "online" || productOfRole(key.role) !== undefined)) {
    steps.push("delete the private keys here once they are where they belong");
  }
  return steps;
}
