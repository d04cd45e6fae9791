import fc from "fast-check";
import { ATTEMPT_OUTCOMES, ATTEMPT_STEPS, type Attempt } from "../../../protocol/check-in/attempt.ts";
import { type CheckIn, REPORTED_ACTIONS } from "../../../protocol/check-in/check-in.ts";
import type { CheckInAnswer } from "../../../protocol/check-in/check-in-answer.ts";
import { REQUEST_KINDS, REQUEST_RESULTS } from "../../../protocol/check-in/device-request.ts";
import type { EnrolmentRequest } from "../../../protocol/check-in/enrolment.ts";
import { FAILURE_CAUSES } from "../../../protocol/gate/failure-causes.ts";

/** Sound messages of every form, for what a reader must give back as it was. */

const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const word = fc.stringMatching(/^[\x21-\x7e]{1,40}$/);
const prose = fc.stringMatching(/^[\x20-\x7eäöü漢]{0,60}$/);
const time = fc.integer({ min: 0, max: 4_000_000_000 });
const id = hex(32);

function some<T extends object, O extends object>(
  always: { [K in keyof T]: fc.Arbitrary<T[K]> },
  often: { [K in keyof O]: fc.Arbitrary<O[K]> },
) {
  return fc
    .tuple(fc.record(always), fc.record(often, { requiredKeys: [] }))
    .map(([first, second]) => ({ ...first, ...second }));
}

const labels = fc.dictionary(name, fc.stringMatching(/^[A-Za-z0-9]{1,20}$/), {
  maxKeys: 5,
  noNullPrototype: true,
});
const facts = fc.record(
  {
    os: word,
    osVersion: word,
    glibc: word,
    kernel: word,
    cpu: fc.array(fc.stringMatching(/^[a-z0-9]{1,9}$/)),
    memory: fc.nat(),
  },
  { requiredKeys: [] },
);

export const attempts: fc.Arbitrary<Attempt> = some(
  {
    id,
    product: name,
    kind: fc.constantFrom("update" as const, "rollback" as const),
    from: fc.option(word),
    to: word,
    toDigest: hex(64),
    startedAt: time,
    endedAt: time,
    step: fc.constantFrom(...ATTEMPT_STEPS),
    outcome: fc.constantFrom(...ATTEMPT_OUTCOMES),
  },
  {
    cause: fc.constantFrom(...FAILURE_CAUSES),
    code: word,
    message: prose,
    log: prose.map((line) => `${line}\n\t${line}\n`),
    request: id,
  },
);

const products = some(
  {
    product: name,
    format: fc.constantFrom("binary", "deb"),
    installed: fc.option(fc.record({ version: word, digest: hex(64) })),
    journal: fc.constantFrom("idle", "confirming"),
    blocked: fc.array(fc.record({ version: word, reason: prose, until: time }), { maxLength: 3 }),
  },
  {
    channel: name,
    newestConfirmed: word,
    lastCheckAt: time,
    manifest: fc.nat(),
    decision: some(
      { action: fc.constantFrom(...REPORTED_ACTIONS) },
      { target: word, code: word, eligibleAt: time },
    ),
    failedCheck: fc.record({ at: time, code: word, message: prose }),
  },
);

export const checkIns: fc.Arbitrary<CheckIn> = some(
  {
    schemaVersion: fc.constant(1 as const),
    sequence: fc.integer({ min: 1 }),
    clock: time,
    agentVersion: word,
    platform: fc.constantFrom("linux-x64", "darwin-arm64"),
    products: fc.uniqueArray(products, { maxLength: 3, selector: ({ product }) => product }),
    attempts: fc.uniqueArray(attempts, { maxLength: 3, selector: (attempt) => attempt.id }),
    handled: fc.uniqueArray(fc.record({ id, result: fc.constantFrom(...REQUEST_RESULTS), text: prose }), {
      maxLength: 3,
      selector: (outcome) => outcome.id,
    }),
  },
  { site: name, placed: hex(16), facts },
);

const placed = { tenant: fc.record({ name, key: hex(64) }), site: name };

export const answers: fc.Arbitrary<CheckInAnswer> = some(
  {
    schemaVersion: fc.constant(1 as const),
    acknowledged: fc.array(id, { maxLength: 5 }),
    requests: fc.array(
      some(
        { id, kind: fc.constantFrom(...REQUEST_KINDS), askedAt: time, expiresAt: time },
        { product: name },
      ),
      { maxLength: 3 },
    ),
  },
  { newKey: fc.constant(true as const), manifest: fc.nat(), moved: some({ labels }, placed) },
);

export const enrolments: fc.Arbitrary<EnrolmentRequest> = some(
  {
    schemaVersion: fc.constant(1 as const),
    authority: fc.oneof(
      fc.record({ kind: fc.constant("token" as const), token: word }),
      fc.record({ kind: fc.constant("clone" as const), device: name, signature: hex(128) }),
    ),
    publicKey: hex(64),
    agentVersion: word,
    platform: fc.constant("linux-x64"),
  },
  { facts },
);

export const enrolmentAnswers = some(
  { schemaVersion: fc.constant(1 as const), device: name, labels },
  placed,
);

export const newKeys = fc.record({
  schemaVersion: fc.constant(1 as const),
  publicKey: hex(64),
  signature: hex(128),
});
