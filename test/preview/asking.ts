import { digestToken, makePersonToken } from "../../controller/fleet/person-token.ts";
import type { Role } from "../../controller/fleet/store/records.ts";
import { type FleetController, TOKEN } from "../fleet/fleet-controller.ts";
import { type DeviceClient, lantern } from "../support/device-client.ts";
import type { StateRepository } from "../support/state-repository.ts";

/** An answer of the API, as the test reads it. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers by what they expect
  readonly body: any;
}

export async function ask(
  controller: FleetController,
  path: string,
  { token = TOKEN, body }: { readonly token?: string; readonly body?: object } = {},
): Promise<Answer> {
  const response = await fetch(controller.url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
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
