import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";
import type { FastifySchema } from "fastify";
import type { RouteContext } from "../route-context.ts";

type OpenApi = NonNullable<FastifyDynamicSwaggerOptions["openapi"]>;

interface DescribedServer extends Pick<RouteContext, "audience" | "webhook" | "fleet"> {
  /** Of the program. */
  readonly version: string;
}

/** How `/openapi.json` is made: what it says beside the routes, and how they are written in it. */
export function describeApi(server: DescribedServer): FastifyDynamicSwaggerOptions {
  return {
    openapi: describeAll(server),
    transform: ({ schema, url }) => describeRoute(schema, url),
    transformObject: (described) =>
      "openapiObject" in described ? withoutHead(described.openapiObject) : {},
  };
}

/** HEAD is wherever GET is, with the same answers: nobody has to be told twice. */
function withoutHead(document: OpenApi): OpenApi {
  const paths = Object.entries(document.paths ?? {}).map(([path, { head: _, ...operations } = {}]) => [
    path,
    operations,
  ]);
  return { ...document, paths: Object.fromEntries(paths) };
}

function describeAll({ version, audience, webhook, fleet }: DescribedServer): OpenApi {
  return {
    openapi: "3.1.0",
    info: {
      title: "Fairlead",
      version,
      description: "The signed release manifest of an agent fleet, and what people and scripts ask about it.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "The address that this description came from." }],
    tags: [
      { name: "manifest", description: "The signed manifest (TUF 1.0)." },
      { name: "agents", description: "For machines and scripts." },
      ...(fleet === undefined ? [] : [{ name: "fleet", description: "For people: machines and rollouts." }]),
      { name: "operation", description: "For operators, load balancers and forges." },
    ],
    components: {
      securitySchemes: {
        operatorToken: OPERATOR_TOKEN,
        ...(fleet === undefined ? {} : { personToken: PERSON_TOKEN }),
        ...(audience.agents ? { tenantKey: TENANT_KEY } : {}),
        ...(audience.agents && webhook !== undefined ? WEBHOOK_PROOFS : {}),
        ...(audience.agents && fleet !== undefined ? { deviceSignature: DEVICE_SIGNATURE } : {}),
      },
    },
  };
}

const OPERATOR_TOKEN = {
  type: "http",
  scheme: "bearer",
  description: "The token of `--operator-token-file`; not needed on the operators' own loopback address.",
} as const;

const PERSON_TOKEN = {
  type: "http",
  scheme: "bearer",
  description: "The token that `fairlead people add` printed.",
} as const;

const TENANT_KEY = {
  type: "http",
  scheme: "bearer",
  description: "The key that `fairlead tenant key NAME` prints.",
} as const;

const DEVICE_SIGNATURE = {
  type: "apiKey",
  in: "header",
  name: "Signature",
  description: "An HTTP message signature (RFC 9421) by the device's key; see docs/check-in.md.",
} as const;

const WEBHOOK_PROOFS = {
  webhookSignature: {
    type: "apiKey",
    in: "header",
    name: "X-Hub-Signature-256",
    description: "HMAC-SHA256 of the body under the webhook's secret, as GitHub sends it.",
  },
  webhookToken: {
    type: "apiKey",
    in: "header",
    name: "X-Gitlab-Token",
    description: "The webhook's secret, as GitLab sends it.",
  },
} as const;

/** A route's schema and URL as they are described: the rest of a path, which the framework calls `*`, gets a name. */
function describeRoute(schema: FastifySchema, url: string): { schema: FastifySchema; url: string } {
  if (!url.endsWith("*")) return { schema, url };
  const path = { type: "string", description: "The rest of the path; it may hold slashes." };
  const params = { type: "object", required: ["path"], properties: { path } };
  return { schema: { ...schema, params }, url: `${url.slice(0, -1)}:path` };
}
