import { CHECK_IN_SCHEMA_VERSION } from "../../protocol/check-in/check-in.ts";
import {
  cloneStatement,
  type EnrolmentAnswer,
  type EnrolmentAuthority,
  MOST_ENROLMENT_BYTES,
} from "../../protocol/check-in/enrolment.ts";
import { readEnrolmentAnswer } from "../../protocol/check-in/read-enrolment.ts";
import type { Facts } from "../../protocol/requirements.ts";
import { AGENT_VERSION } from "../agent-version.ts";
import type { DeviceSigner } from "../config/device-key.ts";
import {
  type Answer,
  askController,
  type Controller,
  refusedBy,
  requireSigned,
  understood,
} from "./ask-controller.ts";
import { CheckInError } from "./check-in-error.ts";

/** What a device says of its machine when it enrols. */
export interface Enrolling {
  readonly platform: string;
  readonly facts: Facts;
}

/**
 * Registers the key of a device by the right of a token. A second time with the same key gives the same answer, so that
 * an enrolment which broke off can simply be done again.
 *
 * @throws CheckInError, FetchError
 */
export function enrolByToken(
  controller: Controller,
  signer: DeviceSigner,
  token: string,
  machine: Enrolling,
): Promise<EnrolmentAnswer> {
  return enrol(controller, signer, { kind: "token", token }, machine);
}

/**
 * Registers a device of its own for a machine that has a copy of another's key, which was replaced.
 *
 * @throws CheckInError, FetchError
 */
export function enrolAsCopy(
  controller: Controller,
  original: DeviceSigner,
  own: DeviceSigner,
  machine: Enrolling,
): Promise<EnrolmentAnswer> {
  const signature = Buffer.from(original.sign(cloneStatement(original.id, own.publicKey))).toString("hex");
  return enrol(controller, own, { kind: "clone", device: original.id, signature }, machine);
}

async function enrol(
  controller: Controller,
  signer: DeviceSigner,
  authority: EnrolmentAuthority,
  machine: Enrolling,
): Promise<EnrolmentAnswer> {
  const answer = await askController(controller, signer, {
    path: "enrolments",
    body: () => ({
      ...{ schemaVersion: CHECK_IN_SCHEMA_VERSION, authority, publicKey: signer.publicKey },
      ...{ agentVersion: AGENT_VERSION, ...machine },
    }),
    mostBytes: MOST_ENROLMENT_BYTES,
  });
  if (answer.status !== 200 && answer.status !== 201) throw refusedToEnrol(answer, authority);
  // Whoever could forge it would choose whose policy applies to this machine.
  requireSigned(answer, "the answer to the enrolment");
  const enrolled = understood(answer, readEnrolmentAnswer);
  if (enrolled.device === signer.id) return enrolled;
  throw new CheckInError("check-in/bad-answer", "the controller enrolled another device than this one");
}

function refusedToEnrol(answer: Answer, { kind }: EnrolmentAuthority): CheckInError {
  const refusal = refusedBy(answer);
  const isAboutToken = kind === "token" && (answer.status === 401 || answer.status === 403);
  if (!isAboutToken || refusal.code !== "check-in/refused") return refusal;
  return new CheckInError("check-in/bad-token", refusal.message);
}
