import { randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { REQUEST_LIFETIME_DAYS } from "../../../protocol/check-in/device-request.ts";
import type { DeviceFilter } from "../../fleet/store/fleet-store.ts";
import type { DeviceRecord } from "../../fleet/store/records.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import { requireServing } from "../route-context.ts";
import type { Caller } from "../sign-in.ts";
import { askedDevices, type DeviceQuery } from "./asked-devices.ts";
import { BulkVerdict, type Move, type Mover, type Stay } from "./bulk-verdict.ts";
import { logWrite } from "./device-actions.ts";
import { type FleetScope, forWriting } from "./fleet-scope.ts";
import { BULK_CANCEL_BODY, BULK_UPDATE_BODY, LARGEST_PAGE, MOST_AT_ONCE } from "./input-schemas.ts";
import { BULK_ANSWER } from "./record-schemas.ts";

interface Chosen {
  readonly ids?: readonly string[];
  readonly filter?: DeviceQuery;
  readonly product?: string;
}

interface BulkUpdate extends Chosen {
  readonly dryRun?: boolean;
  readonly atMost?: number;
}

/** What it does, or would do, to ask many machines to update now. */
interface BulkAnswer {
  readonly machines: number;
  readonly unknown: number;
  readonly moving: number;
  readonly moves: readonly Move[];
  readonly stays: readonly Stay[];
  readonly asked: number;
  readonly already: number;
}

/** What people ask of many machines at once. */
export function addBulkRoutes(app: FastifyInstance, scope: FleetScope): void {
  const { store, context } = scope;

  app.post<{ Body: BulkUpdate }>("/api/v1/agents/update", {
    ...forWriting("operator", {
      operationId: "updateAgents",
      summary: "Asks many machines to update now, or says what that would do",
      description:
        "Those of them that would move, by what `decide` says; the others are told of with the reason, and are not asked. " +
        "Asking twice asks nobody twice.",
      body: BULK_UPDATE_BODY,
      response: {
        200: { description: "What it did, or would do.", ...BULK_ANSWER },
        409: ERROR_SCHEMA,
        422: ERROR_SCHEMA,
      },
    }),
    async handler(request): Promise<BulkAnswer> {
      const caller = scope.callerOf(request);
      const { dryRun = false, atMost, product } = request.body;
      if (!dryRun && request.body.filter !== undefined && atMost === undefined) {
        throw new HttpError("http/bad-request", "a filter needs `atMost`, since machines come and go", {
          help: "ask with `dryRun` first, and give what it says as `moving`",
        });
      }
      const { manifest } = requireServing(context);
      const verdict = new BulkVerdict({ manifest, caller, now: context.now() }, product);
      for await (const device of chosenDevices(scope, caller, request.body)) verdict.add(device);
      const moving = verdict.movers.length;
      if (!dryRun && atMost !== undefined && moving > atMost) {
        throw new HttpError(
          "http/more-than-agreed",
          `${moving} would move by now, and at most ${atMost} were agreed to`,
        );
      }
      const asked = dryRun ? 0 : await askAll(scope, caller, verdict.movers);
      const { ids } = request.body;
      return {
        machines: verdict.machines,
        unknown: ids === undefined ? 0 : new Set(ids).size - verdict.machines,
        ...{ moving, moves: verdict.moves, stays: verdict.stays },
        ...{ asked, already: dryRun ? 0 : moving - asked },
      };
    },
  });

  app.post<{ Body: Chosen }>("/api/v1/agents/cancel", {
    ...forWriting("operator", {
      operationId: "cancelUpdates",
      summary: "Cancels the updates that wait for many machines",
      description: "A machine that was told of it already may do it all the same.",
      body: BULK_CANCEL_BODY,
      response: {
        200: {
          description: "How many were cancelled.",
          type: "object",
          required: ["cancelled"],
          properties: { cancelled: { type: "integer", minimum: 0 } },
        },
        422: ERROR_SCHEMA,
      },
    }),
    async handler(request) {
      const caller = scope.callerOf(request);
      const { product } = request.body;
      const devices: string[] = [];
      for await (const { id } of chosenDevices(scope, caller, request.body)) devices.push(id);
      let cancelled = 0;
      for (const some of chunks(devices)) {
        const what = {
          devices: some,
          kind: "update",
          ...(product === undefined ? {} : { product }),
        } as const;
        cancelled += (await store.requests.cancelAll(what, caller.actor, context.now())).length;
      }
      if (cancelled > 0) logWrite(scope, caller, "request.cancel", `${cancelled} updates`);
      return { cancelled };
    },
  });
}

/**
 * The machines that a body names or filters, of those that the caller may know of.
 *
 * @throws HttpError `http/too-many-machines`
 */
async function* chosenDevices(
  scope: FleetScope,
  caller: Caller,
  { ids, filter = {} }: Chosen,
): AsyncGenerator<DeviceRecord> {
  const { store, context } = scope;
  const asked: DeviceFilter =
    ids === undefined
      ? await askedDevices(scope, caller, filter)
      : { tenants: caller.tenants, ids: [...new Set(ids)] };
  let after: string | undefined;
  let seen = 0;
  for (;;) {
    const page = after === undefined ? { limit: LARGEST_PAGE } : { limit: LARGEST_PAGE, after };
    const { rows, next } = await store.devices.list(asked, page, context.now());
    seen += rows.length;
    if (seen > MOST_AT_ONCE) {
      throw new HttpError("http/too-many-machines", `more than ${MOST_AT_ONCE} machines at once`, {
        help: "narrow the filter; what a whole fleet should run is for a channel to say",
      });
    }
    yield* rows;
    if (next === undefined) return;
    after = next;
  }
}

/** @returns how many were asked that were not before */
async function askAll(scope: FleetScope, caller: Caller, movers: readonly Mover[]): Promise<number> {
  const { store, context } = scope;
  let asked = 0;
  for (const some of chunks(movers)) {
    const askedAt = context.now();
    const requests = some.map(({ device, product }) => ({
      ...{ id: randomBytes(16).toString("hex"), device, kind: "update" as const, product },
      ...{ askedAt, expiresAt: askedAt + REQUEST_LIFETIME_DAYS * 86_400 },
    }));
    asked += (await store.requests.addAll(requests, caller.actor)).length;
  }
  if (asked > 0) logWrite(scope, caller, "request.update", `${asked} installations`);
  return asked;
}

function* chunks<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += LARGEST_PAGE) {
    yield items.slice(start, start + LARGEST_PAGE);
  }
}
