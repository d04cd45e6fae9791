import { memberOf } from "../source/unchecked-yaml.ts";
import { chooseProduct } from "./choose-product.ts";
import { declareRemoved, listMachines, type Removal, requireUnused } from "./declare-removed.ts";
import type { Edit, EditContext } from "./edit.ts";
import { settingsOfTenants } from "./tenant-settings.ts";

export interface RemoveProductRequest extends Removal {
  readonly product: string;
}

/**
 * Removes a product with its channels and versions, and says why in fleet.yaml. What machines have installed stays where
 * it is and gets nothing more, so a product that somebody has is yanked or paused instead.
 *
 * @throws EditError `edit/unknown-product`, `edit/in-use`
 */
export function removeProduct({ files, devices }: EditContext, request: RemoveProductRequest): Edit {
  const { reason } = request;
  const product = chooseProduct(files, request.product);
  const having = (devices ?? []).filter((record) => record.product === product);
  requireUnused(
    `product ${product} is on`,
    listMachines(having.map(({ device }) => device)),
    "they would keep it and get no fix any more: yank its versions or pause it, and remove it when nobody has it",
  );
  requireUnused(
    `product ${product} is named by`,
    [...settingsOfTenants(files)].flatMap(({ label, file, settings }) =>
      memberOf(memberOf(settings, "products"), product) === undefined ? [] : [`${label} (${file})`],
    ),
    "take out there what is said of it first",
  );
  return {
    subject: `remove product ${product}`,
    reason,
    changes: [
      ...files.ofProduct(product).map((path) => ({ path, before: files.text(path) ?? "", after: undefined })),
      declareRemoved(files, "products", [product], request),
    ],
    notices: [
      devices === undefined
        ? "nobody looked whether a machine has it: --inventory says so; those that do keep it and get no fix"
        : "no machine of the inventory has it",
      "`removed` in fleet.yaml keeps the name from being taken",
      ...(files.text(`trust/releases/${product}.json`) === undefined
        ? []
        : ["trust/ still says who may sign its releases, which now nothing uses"]),
    ],
  };
}
