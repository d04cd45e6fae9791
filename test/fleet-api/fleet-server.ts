import type { TestContext } from "node:test";
import type { FleetService } from "../../controller/fleet/fleet-service.ts";
import { digestToken, makePersonToken } from "../../controller/fleet/person-token.ts";
import type { FleetStore } from "../../controller/fleet/store/fleet-store.ts";
import type { Role } from "../../controller/fleet/store/records.ts";
import type { ServerOptions } from "../../controller/http/server.ts";
import { NOW, sampleManifest } from "../http/sample-manifest.ts";
import { TestServer, TOKEN } from "../http/start-server.ts";
import { openStore } from "./sample-fleet.ts";

export interface FleetAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Empty where there is no JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A real server over a real store, and people who ask it. */
export class FleetServer {
  readonly server: TestServer;
  readonly store: FleetStore;

  private constructor(server: TestServer, store: FleetStore) {
    this.server = server;
    this.store = store;
  }

  static async start(
    t: TestContext,
    manifest = sampleManifest(),
    options: Partial<ServerOptions> = {},
  ): Promise<FleetServer> {
    const store = openStore(t);
    const notHere = () => Promise.reject(new Error("no device asks here"));
    const fleet: FleetService = {
      ...{ enrol: notHere, checkIn: notHere, replaceKey: notHere, leave: notHere, identify: notHere },
      store,
    };
    const audience = { agents: true, operators: "token" } as const;
    return new FleetServer(await TestServer.start(t, manifest, { fleet, audience, ...options }), store);
  }

  /** Somebody who may sign in. @returns the token */
  async person(role: Role, tenants: readonly string[] | null = null, expiresAt: number | null = null) {
    const token = makePersonToken();
    const name = `${role}-${token
      .slice(4, 12)
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, "x")}`;
    const person = { name, role, tenants, createdAt: NOW, expiresAt };
    await this.store.people.create(person, digestToken(token), { name: "setup", from: "test" }, NOW);
    return token;
  }

  async ask(path: string, { token = TOKEN, method = "GET", body }: AskOptions = {}): Promise<FleetAnswer> {
    const headers = {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await this.server.ask(path, headers, method, text);
    return { status: answer.status, headers: answer.headers, text: answer.body, body: parse(answer.body) };
  }
}

interface AskOptions {
  /** `null`: none. */
  readonly token?: string | null;
  readonly method?: string;
  readonly body?: unknown;
}

function parse(text: string): Record<string, unknown> {
  const value: unknown = text.startsWith("{") ? JSON.parse(text) : {};
  return typeof value === "object" && value !== null ? { ...value } : {};
}
