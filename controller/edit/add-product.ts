import type { Edit, EditContext } from "./edit.ts";
import { EditError } from "./edit-error.ts";
import { setInYaml } from "./edit-yaml.ts";
import { requireName, requireNotRemoved } from "./free-name.ts";
import { schemaLine } from "./schema-line.ts";

export interface AddProductRequest {
  readonly product: string;
  readonly description: string;
  /** Absent: `semver`. */
  readonly versionScheme?: string | undefined;
  /** A companion: updated only where it is present. */
  readonly ifInstalled?: boolean | undefined;
}

/** A new product, before its first release. @throws EditError `edit/name-taken` */
export function addProduct({ files }: EditContext, request: AddProductRequest): Edit {
  const { product, description, versionScheme, ifInstalled } = request;
  requireName(product);
  if (files.products().includes(product)) {
    throw new EditError("edit/name-taken", `there is a product \`${product}\``, {
      help: "choose another name",
    });
  }
  requireNotRemoved(files, "products", product);
  let after = setInYaml(schemaLine("product", 2), ["description"], description);
  if (versionScheme !== undefined) after = setInYaml(after, ["versionScheme"], versionScheme);
  if (ifInstalled === true) after = setInYaml(after, ["ifInstalled"], true);
  return {
    subject: `add product ${product}`,
    changes: [{ path: `products/${product}/product.yaml`, before: undefined, after }],
    notices: [
      ...(files.hasTrust()
        ? [`nobody may sign its releases yet: \`fairlead keys add-product ${product}\``]
        : []),
      `then \`fairlead release add --product ${product} ...\`, and \`fairlead channel add\` for each channel`,
    ],
  };
}
