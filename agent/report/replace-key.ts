import { CHECK_IN_SCHEMA_VERSION } from "../../protocol/check-in/check-in.ts";
import { MOST_ENROLMENT_BYTES, newKeyStatement } from "../../protocol/check-in/enrolment.ts";
import { type DeviceKeys, readOrMakeNextKey, takeNextKey } from "../config/device-key.ts";
import type { AgentHome } from "../home/agent-home.ts";
import { askController, type Controller, problemOf, refusedBy, requireSigned } from "./ask-controller.ts";

/** The problem of a controller that knows the device by a newer key: another machine has a copy of the old one. */
export const KEY_REPLACED = "fleet/key-replaced";

/**
 * Gives this device its next key: makes it, registers it with the old one, and only then lets it take the old one's
 * place. After a kill at any instant both are on disk, and the same is done again: a controller that has the next one
 * already says so to the old one too.
 *
 * @returns the keys as they are now, or `fleet/key-replaced`: a copy of this device was first
 * @throws CheckInError, FetchError, HomeError; the old key is then still the device's
 */
export async function replaceKey(
  controller: Controller,
  home: AgentHome,
  repository: string,
): Promise<DeviceKeys | typeof KEY_REPLACED> {
  const keys = readOrMakeNextKey(home, "replace");
  const { id, next } = keys;
  const signature = Buffer.from(next.sign(newKeyStatement(id, next.publicKey))).toString("hex");
  const answer = await askController(controller, keys, {
    path: `agents/${id}/key`,
    body: () => ({ schemaVersion: CHECK_IN_SCHEMA_VERSION, publicKey: next.publicKey, signature }),
    mostBytes: MOST_ENROLMENT_BYTES,
    repository,
  });
  if (answer.status === 200) {
    // Else whoever can answer in the controller's place could make this device lose the key by which it is known.
    requireSigned(answer, "that the next key is registered");
    return takeNextKey(home);
  }
  if (answer.status === 409 && problemOf(answer)?.code === KEY_REPLACED) return KEY_REPLACED;
  throw refusedBy(answer);
}
