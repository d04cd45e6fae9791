import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { MOST_CHECK_IN_BYTES } from "../../../protocol/check-in/check-in.ts";
import { MOST_ENROLMENT_BYTES } from "../../../protocol/check-in/enrolment.ts";
import { isDeviceProblem, problemAnswer } from "../../fleet/device-answer.ts";
import { FleetError } from "../../fleet/fleet-error.ts";
import type { DeviceAnswer, FleetService, ReceivedRequest } from "../../fleet/fleet-service.ts";
import { ERROR_SCHEMA } from "../api/route-schemas.ts";
import { HttpError } from "../http-error.ts";
import { LIMITS } from "../limits.ts";
import type { RouteContext } from "../route-context.ts";
import type { DeviceRequestKind } from "./device-metrics.ts";
import {
  CHECK_IN_ANSWER_SCHEMA,
  CHECK_IN_SCHEMA,
  ENROLMENT_ANSWER_SCHEMA,
  ENROLMENT_SCHEMA,
  LEAVE_SCHEMA,
  LEFT_SCHEMA,
  NEW_KEY_SCHEMA,
  REFUSED_CHECK_IN_SCHEMA,
} from "./device-schemas.ts";

const DEVICE_ERRORS = {
  400: ERROR_SCHEMA,
  401: ERROR_SCHEMA,
  409: ERROR_SCHEMA,
  413: ERROR_SCHEMA,
  415: ERROR_SCHEMA,
  429: ERROR_SCHEMA,
  503: ERROR_SCHEMA,
} as const;

/**
 * What devices say: enrolments, check-ins, new keys. Their bytes go on as they came, since they are signed; who has the
 * fleet's database reads them, and what it answers is sent as it is.
 */
export async function addDeviceRoutes(
  app: FastifyInstance,
  context: RouteContext,
  fleet: FleetService,
): Promise<void> {
  const desk = new Desk(context);
  await app.register(async (scope) => {
    // A signature is over bytes: nothing here may parse them, and the schemas are for the description alone.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) =>
      done(null, body),
    );
    scope.setValidatorCompiler(() => (value: unknown) => ({ value }));

    scope.post("/api/v1/enrolments", {
      bodyLimit: MOST_ENROLMENT_BYTES,
      schema: {
        operationId: "enrol",
        summary: "Registers a device's public key, by an enrolment token",
        description:
          "Signed by the key that it registers (RFC 9421; see docs/check-in.md). A second time with the same key gives " +
          "the same answer.",
        tags: ["agents"],
        security: [{ deviceSignature: [] }],
        body: ENROLMENT_SCHEMA,
        response: {
          200: { description: "It was registered already.", ...ENROLMENT_ANSWER_SCHEMA },
          201: { description: "It is registered.", ...ENROLMENT_ANSWER_SCHEMA },
          403: ERROR_SCHEMA,
          ...DEVICE_ERRORS,
        },
      },
      handler: (request, reply) =>
        desk.answer("enrolment", request, reply, (received) => fleet.enrol(received)),
    });

    scope.post("/api/v1/check-ins", {
      bodyLimit: MOST_CHECK_IN_BYTES,
      schema: {
        operationId: "checkIn",
        summary: "What a device says of itself, and what is asked of it",
        description:
          "Signed by the device's key. The answer is signed by the online key where it asks for something. 426 while a " +
          "product is below its minimum version: what was said is recorded all the same.",
        tags: ["agents"],
        security: [{ deviceSignature: [] }],
        body: CHECK_IN_SCHEMA,
        response: {
          200: CHECK_IN_ANSWER_SCHEMA,
          426: REFUSED_CHECK_IN_SCHEMA,
          ...DEVICE_ERRORS,
        },
      },
      handler: (request, reply) =>
        desk.answer("check-in", request, reply, (received) => fleet.checkIn(received)),
    });

    scope.post<{ Params: { id: string } }>("/api/v1/agents/:id/key", {
      bodyLimit: MOST_ENROLMENT_BYTES,
      schema: {
        operationId: "replaceKey",
        summary: "Gives a device its next key",
        description: "Signed by the key that it has; the body shows that whoever asks has the new one.",
        tags: ["agents"],
        security: [{ deviceSignature: [] }],
        params: { type: "object", required: ["id"], properties: { id: { type: "string" } } },
        body: NEW_KEY_SCHEMA,
        response: {
          200: { description: "The new key counts.", ...ENROLMENT_ANSWER_SCHEMA },
          403: ERROR_SCHEMA,
          ...DEVICE_ERRORS,
        },
      },
      handler: (request, reply) =>
        desk.answer("new-key", request, reply, (received) => fleet.replaceKey(request.params.id, received)),
    });

    scope.post<{ Params: { id: string } }>("/api/v1/agents/:id/leave", {
      bodyLimit: MOST_ENROLMENT_BYTES,
      schema: {
        operationId: "leave",
        summary: "Takes a device out of the fleet, by its own word",
        description: "Signed by its key. It has to enrol again to come back.",
        tags: ["agents"],
        security: [{ deviceSignature: [] }],
        params: { type: "object", required: ["id"], properties: { id: { type: "string" } } },
        body: LEAVE_SCHEMA,
        response: {
          200: { description: "It is gone.", ...LEFT_SCHEMA },
          403: ERROR_SCHEMA,
          ...DEVICE_ERRORS,
        },
      },
      handler: (request, reply) =>
        desk.answer("leave", request, reply, (received) => fleet.leave(request.params.id, received)),
    });
  });
}

/** Hands requests over, as many at a time as may be under way, and sends back what is answered. */
class Desk {
  private readonly context: RouteContext;
  private underWay = 0;

  constructor(context: RouteContext) {
    this.context = context;
  }

  async answer(
    kind: DeviceRequestKind,
    request: FastifyRequest,
    reply: FastifyReply,
    ask: (received: ReceivedRequest) => Promise<DeviceAnswer>,
  ): Promise<FastifyReply> {
    const received = receive(request);
    const began = performance.now();
    const answer = await this.within(() => ask(received));
    this.context.metrics.devices.record(kind, answer.result, (performance.now() - began) / 1000);
    // A buffer, because the framework would add to the content type of a text, which is signed.
    return reply
      .code(answer.status)
      .headers({ "cache-control": "no-store", ...answer.headers })
      .send(Buffer.from(answer.body, "utf8"));
  }

  private async within(ask: () => Promise<DeviceAnswer>): Promise<DeviceAnswer> {
    if (this.underWay >= LIMITS.deviceRequestsUnderWay) {
      this.context.quietLog.warn("fleet.busy", {}, "too many check-ins are under way: some are refused");
      return problemAnswer(new FleetError("fleet/busy", "too many check-ins are under way"));
    }
    this.underWay++;
    try {
      return await ask();
    } catch (error) {
      if (isDeviceProblem(error)) return problemAnswer(error);
      throw error;
    } finally {
      this.underWay--;
    }
  }
}

/** @throws HttpError for a body that was compressed, which no signature of ours is over */
function receive({ raw, body, ip }: FastifyRequest): ReceivedRequest {
  const { method = "", url = "", headersDistinct } = raw;
  const coding = headersDistinct["content-encoding"];
  if (coding !== undefined) {
    throw new HttpError("http/unsupported-media-type", "the body has a content coding, and none is taken", {
      help: "send it as it is",
    });
  }
  const headers = Object.entries(headersDistinct).flatMap(([name, lines]) =>
    lines === undefined ? [] : [[name, lines.join(", ")] as const],
  );
  return {
    method,
    target: url,
    headers: Object.fromEntries(headers),
    // Memory of its own, which crosses to the other thread without what lay beside it.
    body: Buffer.isBuffer(body) ? new Uint8Array(body) : new Uint8Array(),
    address: ip === undefined || ip === "" ? null : ip,
  };
}
