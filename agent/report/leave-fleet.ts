import { CHECK_IN_SCHEMA_VERSION } from "../../protocol/check-in/check-in.ts";
import { MOST_ENROLMENT_BYTES } from "../../protocol/check-in/enrolment.ts";
import type { DeviceSigner } from "../config/device-key.ts";
import { askController, type Controller, refusedBy } from "./ask-controller.ts";

/**
 * Tells the controller that this device is no more. One that it does not know any more has left already.
 *
 * @param repository SHA-256 of the repository's first root
 * @throws ReportError, FetchError; the controller then counts it as a silent machine
 */
export async function leaveFleet(
  controller: Controller,
  signer: DeviceSigner,
  repository: string,
): Promise<void> {
  const answer = await askController(controller, signer, {
    path: `agents/${signer.id}/leave`,
    body: () => ({ schemaVersion: CHECK_IN_SCHEMA_VERSION }),
    mostBytes: MOST_ENROLMENT_BYTES,
    repository,
  });
  if (answer.status !== 200 && answer.status !== 204) throw refusedBy(answer);
}
