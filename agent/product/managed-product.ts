import { join } from "node:path";
import type { ProductConfig } from "../config/agent-config.ts";
import type { ManagedProduct } from "../formats/format.ts";
import { type AgentHome, productHome } from "../home/agent-home.ts";

/** What a product's format is told of it, with where an agent without rights keeps what it hands to the helper. */
export function managedProduct(config: ProductConfig, home: AgentHome): ManagedProduct {
  const { helperSocket, product, place } = config;
  const own = place === "top" ? home : productHome(home, product);
  const stagingFolder = join(own.directory, "staging");
  if (helperSocket === undefined) return { ...config, stagingFolder };
  return {
    ...config,
    stagingFolder,
    helper: {
      socket: helperSocket,
      product,
      metadata: home.trust,
      staging: stagingFolder,
    },
  };
}
