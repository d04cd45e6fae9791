import channelSchema from "../../schemas/channel.schema.json" with { type: "json" };
import commonSchema from "../../schemas/common.schema.json" with { type: "json" };
import expectationsSchema from "../../schemas/expectations.schema.json" with { type: "json" };
import fleetSchema from "../../schemas/fleet.schema.json" with { type: "json" };
import productSchema from "../../schemas/product.schema.json" with { type: "json" };
import tenantSchema from "../../schemas/tenant.schema.json" with { type: "json" };
import versionSchema from "../../schemas/version.schema.json" with { type: "json" };
import type { ScaffoldFile } from "./scaffold-file.ts";

const SCHEMAS = [
  channelSchema,
  commonSchema,
  expectationsSchema,
  fleetSchema,
  productSchema,
  tenantSchema,
  versionSchema,
];

/** What editors need to check and complete state files: the schemas, and which file each is for. */
export function editorFiles(): ScaffoldFile[] {
  const schemas = SCHEMAS.map((schema) => ({
    path: `schemas/${schema.$id}`,
    content: `${JSON.stringify(schema, undefined, 2)}\n`,
  }));
  return [...schemas, { path: ".vscode/settings.json", content: settings() }];
}

function settings(): string {
  const patterns = {
    "schemas/fleet.schema.json": "fleet.yaml",
    "schemas/product.schema.json": "products/*/product.yaml",
    "schemas/channel.schema.json": "products/*/channels/*.yaml",
    "schemas/version.schema.json": "products/*/versions/*.yaml",
    "schemas/tenant.schema.json": "tenants/*.yaml",
    "schemas/expectations.schema.json": "expectations/*.yaml",
  };
  return `${JSON.stringify({ "yaml.schemas": patterns }, undefined, 2)}\n`;
}
