import assert from "node:assert/strict";
import { digestToken, makePersonToken } from "../../controller/fleet/person-token.ts";
import type { Role } from "../../controller/fleet/store/records.ts";
import type { PreparedCommit, Reads, Writes, WrittenCommit } from "../../dashboard/api/types.ts";
import { type FleetController, TOKEN } from "../fleet/fleet-controller.ts";
import { type DeviceClient, lantern } from "../support/device-client.ts";
import type { StateRepository } from "../support/state-repository.ts";

interface AskOptions {
  readonly token?: string;
  /** Sends it; absent: only asks. */
  readonly body?: object;
}

/** What the API's own schemas say is answered at an address. */
type AnswerAt<Address extends string> = Address extends `${infer Path}?${string}`
  ? AnswerAt<Path>
  : Address extends keyof Reads
    ? Reads[Address]["answer"]
    : Address extends "/api/v1/proposals"
      ? Writes["POST /api/v1/proposals"]["answer"]
      : Address extends `/api/v1/history/${string}`
        ? Reads["/api/v1/history/{commit}"]["answer"]
        : Address extends `/api/v1/agents/${string}/explain/lines`
          ? Reads["/api/v1/agents/{id}/explain/lines"]["answer"]
          : Address extends `/api/v1/agents/${string}/explain`
            ? Reads["/api/v1/agents/{id}/explain"]["answer"]
            : unknown;

/** Asks for something that is answered. @throws AssertionError where it is refused */
export async function ask<Address extends string>(
  controller: FleetController,
  address: Address,
  options: AskOptions = {},
): Promise<AnswerAt<Address>> {
  const { status, text } = await send(controller, address, options);
  assert.ok(status === 200 || status === 201, `${address}: ${status} ${text}`);
  const answer: AnswerAt<Address> = JSON.parse(text);
  return answer;
}

/** Looks at a change, with nothing written. */
export async function prepared(
  controller: FleetController,
  change: object,
  token = TOKEN,
): Promise<PreparedCommit> {
  const body = { ...change, dryRun: true };
  const answer = await ask(controller, "/api/v1/proposals", { token, body });
  assert.ok(answer.prepared !== undefined, JSON.stringify(answer));
  return answer.prepared;
}

/** Makes the commit of a change. @param change with the `base` that it was looked at on */
export async function written(
  controller: FleetController,
  change: object,
  token = TOKEN,
): Promise<WrittenCommit> {
  const answer = await ask(controller, "/api/v1/proposals", { token, body: change });
  assert.ok(answer.written !== undefined, JSON.stringify(answer));
  return answer.written;
}

/** A problem (RFC 9457), as tests look at it. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** All that was said. */
  readonly text: string;
}

/** Asks for something that is refused. @throws AssertionError where it is answered */
export async function refusal(
  controller: FleetController,
  address: string,
  options: AskOptions = {},
): Promise<Refusal> {
  const { status, text } = await send(controller, address, options);
  assert.ok(status >= 400, `${address}: ${status} ${text}`);
  const { code, detail }: Pick<Refusal, "code" | "detail"> = JSON.parse(text);
  return { status, code, detail, text };
}

async function send(controller: FleetController, address: string, { token = TOKEN, body }: AskOptions) {
  const response = await fetch(controller.url + address, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

/** Somebody who may sign in. @returns the token */
export async function person(
  controller: FleetController,
  name: string,
  role: Role,
  tenants: readonly string[] | null = null,
): Promise<string> {
  const token = makePersonToken();
  const row = { name, role, tenants, createdAt: 1, expiresAt: null };
  await controller.service.store.people.create(row, digestToken(token), { name: "setup", from: "test" }, 1);
  return token;
}

/** Three versions, of which stable has the first. */
export async function threeVersions(state: StateRepository): Promise<void> {
  for (const version of ["1.0.0", "1.1.0", "1.2.0"]) await state.addVersion(version);
  await state.point("stable", "1.0.0");
}

/** Machines that run 1.0.0. */
export async function machines(controller: FleetController, count: number): Promise<DeviceClient[]> {
  const token = await controller.token();
  const devices: DeviceClient[] = [];
  for (let n = 0; n < count; n++) {
    const device = await controller.device(token);
    await device.checkIn({ products: [lantern("1.0.0")] });
    devices.push(device);
  }
  return devices;
}
