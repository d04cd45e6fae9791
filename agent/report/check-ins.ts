import type { Attempt } from "../../protocol/check-in/attempt.ts";
import { MOST_ATTEMPTS } from "../../protocol/check-in/check-in.ts";
import {
  type CheckInAnswer,
  MOST_ANSWER_BYTES,
  type Placement,
} from "../../protocol/check-in/check-in-answer.ts";
import type { DeviceRequest, RequestOutcome } from "../../protocol/check-in/device-request.ts";
import { placementDigest } from "../../protocol/check-in/placement-digest.ts";
import { readCheckInAnswer } from "../../protocol/check-in/read-check-in-answer.ts";
import { sha256Hex } from "../../protocol/digest.ts";
import { AGENT_VERSION } from "../agent-version.ts";
import {
  type DeviceKeys,
  type DeviceSigner,
  openDeviceSigner,
  readOrMakeNextKey,
  takeNextKey,
} from "../config/device-key.ts";
import type { AgentHome } from "../home/agent-home.ts";
import type { Refusal } from "../output/refusal.ts";
import { refusalOf } from "../output/refusal.ts";
import type { TrustedRepository } from "../trust/trusted-repository.ts";
import {
  type Answer,
  askController,
  type Controller,
  problemOf,
  refusedBy,
  requireSigned,
  understood,
} from "./ask-controller.ts";
import type { Obedient } from "./carry-out.ts";
import { CheckInNotesFile, keptText } from "./check-in-notes.ts";
import { type Enrolling, enrolAsCopy } from "./enrol-with-controller.ts";
import { HandledRequests } from "./handled-requests.ts";
import { lockCheckIns } from "./lock-check-ins.ts";
import { KEY_REPLACED, replaceKey } from "./replace-key.ts";
import { ReportError } from "./report-error.ts";
import { MOST_WAITING, type Spool } from "./spool.ts";
import { type ProductStanding, reportProduct, writeCheckIn } from "./write-check-in.ts";

/** A product of the device: how it stands, and what it may be made to do. */
export interface CheckedInProduct extends Obedient {
  standing(): ProductStanding;
}

/** The device that checks in: what it tells of itself, and what it may be made to do. */
export interface CheckedInDevice {
  readonly server: string;
  /** What it looks after. */
  readonly products: readonly CheckedInProduct[];
  readonly repository: Pick<TrustedRepository, "rootRole" | "firstRoot">;
  /** What the machine is. */
  describe(): Promise<Enrolling>;
  /** Where it takes itself to belong. */
  placement(): Placement;
  /** An operator moved it. */
  moveTo(placement: Placement): Promise<void>;
  /** It has another key from now on, and perhaps another id. */
  takeKeys(keys: DeviceKeys): void;
}

export interface CheckInsOptions {
  readonly home: AgentHome;
  readonly spool: Spool;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** What a check-in that the controller recorded came to. */
export interface CheckInResult {
  /** Version of the timestamp role that the controller serves, where it said so. */
  readonly manifest: number | undefined;
  /** Requests that were carried out. */
  readonly carriedOut: number;
  /** What a person should see: that the device is below the minimum version, or that an answer was not believed. */
  readonly trouble: ReportError | undefined;
}

/** After requests were carried out their outcomes are sent at once, and so are reports that one check-in had no room for. */
const MOST_ROUNDS = 4;

/** An answer that says that the check-in is on the controller's disk. */
interface Recorded {
  readonly answer: CheckInAnswer;
  readonly trouble: ReportError | undefined;
}

/** Tells the controller how this device stands, and does what operators ask of it. */
export class CheckIns {
  private readonly device: CheckedInDevice;
  private readonly options: CheckInsOptions;
  private readonly notes: CheckInNotesFile;
  private readonly handled: HandledRequests;

  constructor(device: CheckedInDevice, options: CheckInsOptions) {
    this.device = device;
    this.options = options;
    this.notes = new CheckInNotesFile(options.home.checkIns);
    this.handled = new HandledRequests(options.home.requests);
  }

  /**
   * Checks in, carries out what the answer asks for, and says what became of it.
   *
   * @param patience seconds to wait while another process of this agent does the same
   * @throws ReportError, FetchError, HomeError, ConfigError; what waits to be reported then still waits
   */
  async run(patience: number): Promise<CheckInResult> {
    const release = lockCheckIns(this.options.home, patience);
    try {
      return await this.runAlone();
    } catch (error) {
      this.noteTrouble(refusalOf(error));
      throw error;
    } finally {
      release();
    }
  }

  private async runAlone(): Promise<CheckInResult> {
    this.settleInterrupted();
    let carriedOut = 0;
    for (let round = 1; ; round++) {
      const { answer, trouble } = await this.exchange();
      const done = await this.carryOut(answer.requests);
      carriedOut += done;
      const waits = answer.acknowledged.length > 0 && this.options.spool.waiting().count > 0;
      if ((done === 0 && !waits) || round === MOST_ROUNDS || this.options.signal?.aborted === true) {
        return { manifest: answer.manifest, carriedOut, trouble };
      }
    }
  }

  /** One check-in and its answer, without what that asks for where it is not believed. */
  private async exchange(): Promise<Recorded> {
    const { home, spool } = this.options;
    const repository = await this.repositoryId();
    const answer = await this.sendByRightKey(openDeviceSigner(home), repository);
    const problem = problemOf(answer);
    if (problem?.code === "signature/other-message")
      this.notes.change(({ repository: _, ...notes }) => notes);
    if (answer.status !== 200 && answer.status !== 426) throw refusedBy(answer);
    const said = understood(answer, readCheckInAnswer);
    spool.acknowledge(said.acknowledged);
    this.handled.acknowledge(said.acknowledged);
    const below =
      answer.status === 426
        ? new ReportError(
            "report/below-minimum",
            problem?.detail ?? "this device is below the minimum version",
          )
        : undefined;
    const { requests, newKey, moved, ...told } = said;
    const asks = requests.length > 0 || newKey !== undefined || moved !== undefined;
    const unsigned = asks ? distrusted(answer) : undefined;
    this.noteRecorded(below ?? unsigned);
    if (unsigned !== undefined) return { answer: { ...told, requests: [] }, trouble: unsigned };
    if (moved !== undefined) await this.device.moveTo(moved);
    if (newKey === true) await this.replaceKey(repository);
    return { answer: said, trouble: below };
  }

  /**
   * Sends it signed by the key that the controller knows: the device's; or, where the answer to the registration of the
   * next one was lost, that one; or, where another machine had a copy of the key and was first, that of a device of its own.
   */
  private async sendByRightKey(keys: DeviceKeys, repository: string): Promise<Answer> {
    const first = await this.send(keys, repository);
    if (!saysReplaced(first)) return first;
    const replaced = keys.next?.purpose === "replace" ? await this.replaceKey(repository) : undefined;
    return this.send(replaced ?? (await this.becomeCopy()), repository);
  }

  private async becomeCopy(): Promise<DeviceKeys> {
    const { home } = this.options;
    const { next, ...original } = readOrMakeNextKey(home, "copy");
    const placement = await enrolAsCopy(this.controller(), original, next, await this.device.describe());
    const keys = takeNextKey(home);
    this.device.takeKeys(keys);
    await this.device.moveTo(placement);
    return keys;
  }

  /** @returns `undefined` where another machine was first; the next check-in is told so too */
  private async replaceKey(repository: string): Promise<DeviceKeys | undefined> {
    const replaced = await replaceKey(this.controller(), this.options.home, repository);
    if (replaced === KEY_REPLACED) return undefined;
    this.device.takeKeys(replaced);
    return replaced;
  }

  private async send(signer: DeviceSigner, repository: string): Promise<Answer> {
    const { spool, now } = this.options;
    const { facts, platform } = await this.device.describe();
    const products = this.device.products.map((product) => reportProduct(product.standing()));
    const placement = this.device.placement();
    const { site } = placement;
    const { dropped } = spool.waiting();
    const body = () =>
      writeCheckIn(
        {
          // A try that is made anew gets a number of its own: the one before may have been recorded.
          ...{
            sequence: this.notes.nextSequence(),
            clock: now(),
            agentVersion: AGENT_VERSION,
            platform,
            facts,
          },
          ...(site === undefined ? {} : { site }),
          placed: placementDigest(placement),
          ...(dropped === 0 ? {} : { dropped }),
          products,
          handled: this.handled.unacknowledged(),
        },
        spool.read(MOST_ATTEMPTS),
      );
    const question = { path: "check-ins", body, mostBytes: MOST_ANSWER_BYTES, repository };
    return askController(this.controller(), signer, question);
  }

  private async carryOut(requests: readonly DeviceRequest[]): Promise<number> {
    let done = 0;
    for (const request of requests) {
      if (this.options.signal?.aborted === true) break;
      if (!this.handled.begin(request.id)) continue;
      const { carryOut } = await import("./carry-out.ts");
      this.handled.settle(await carryOut(request, this.device.products));
      done++;
    }
    return done;
  }

  /** A kill interrupted what was being done: it is not done again, and its attempt, if there was one, says how it ended. */
  private settleInterrupted(): void {
    const open = this.handled.read().filter(({ outcome }) => outcome === undefined);
    if (open.length === 0 || this.device.products.some((product) => product.standing().journal !== "idle"))
      return;
    const attempts = this.options.spool.read(MOST_WAITING);
    for (const { id } of open) {
      const last = attempts.findLast(({ request }) => request === id);
      this.handled.settle(interruptedOutcome(id, last));
    }
  }

  private async repositoryId(): Promise<string> {
    const { repository } = this.notes.read();
    if (repository !== undefined) return repository;
    const found = sha256Hex(await this.device.repository.firstRoot());
    this.notes.change((notes) => ({ ...notes, repository: found }));
    return found;
  }

  private controller(): Controller {
    const { now, signal } = this.options;
    const { server, repository } = this.device;
    return { server, root: repository.rootRole(), now, signal };
  }

  private noteRecorded(trouble: ReportError | undefined): void {
    const at = this.options.now();
    this.tryToNote(({ trouble: _, ...notes }) => ({
      ...{ ...notes, recordedAt: at },
      ...(trouble === undefined
        ? {}
        : { trouble: { at, code: trouble.code, text: keptText(trouble.message) } }),
    }));
  }

  private noteTrouble({ id, message }: Refusal): void {
    const at = this.options.now();
    this.tryToNote((notes) => ({ ...notes, trouble: { at, code: id, text: keptText(message) } }));
  }

  private tryToNote(change: Parameters<CheckInNotesFile["change"]>[0]): void {
    try {
      this.notes.change(change);
    } catch {
      // Only for `status`: the trouble itself is logged.
    }
  }
}

function saysReplaced(answer: Answer): boolean {
  return answer.status === 409 && problemOf(answer)?.code === KEY_REPLACED;
}

function distrusted(answer: Answer): ReportError | undefined {
  try {
    requireSigned(answer, "what the controller asks of this device");
    return undefined;
  } catch (error) {
    if (error instanceof ReportError) return error;
    throw error;
  }
}

function interruptedOutcome(id: string, attempt: Attempt | undefined): RequestOutcome {
  if (attempt === undefined)
    return { id, result: "failed", text: "the agent was stopped before it was done" };
  const { outcome, to, message } = attempt;
  if (outcome === "confirmed") return { id, result: "done", text: `${to} is installed and confirmed` };
  return { id, result: "failed", text: `${to}: ${message ?? outcome}` };
}
