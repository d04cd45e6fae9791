import type { ComponentChildren, JSX } from "preact";

/** A column of a table of rows of one kind. */
export interface Column<T> {
  readonly head: ComponentChildren;
  readonly cell: (row: T) => ComponentChildren;
  /** It holds numbers, which stand at the right. */
  readonly isNumber?: boolean;
  /** What the row is called; one column. */
  readonly isName?: boolean;
  /** `hide-m`, `hide-s`, or a class of the view's own. */
  readonly class?: string;
}

interface TableProps<T> {
  /** What the table says, for who hears it. */
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  /** Rows become cards on a phone. */
  readonly asCards?: boolean;
  readonly isDense?: boolean;
}

/**
 * A table that stays one for who hears it: where styles change how its parts are displayed, browsers forget what they
 * are, so each says it.
 */
export function Table<T>(props: TableProps<T>): JSX.Element {
  const { caption, columns, rows, keyOf, asCards = false, isDense = false } = props;
  const classes = [asCards ? "cards" : "", isDense ? "dense" : ""].join(" ").trim();
  return (
    // biome-ignore lint/a11y/noRedundantRoles: see above
    <table class={classes === "" ? undefined : classes} role="table" aria-label={caption}>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <thead role="rowgroup">
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <tr role="row">
          {columns.map(({ head, isNumber, class: own }, index) => (
            // biome-ignore lint/a11y/noRedundantRoles: see above
            <th key={index} role="columnheader" scope="col" class={classOf(isNumber, own)}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <tbody role="rowgroup">
        {rows.map((row) => (
          // biome-ignore lint/a11y/noRedundantRoles: see above
          <tr key={keyOf(row)} role="row" class="row">
            {columns.map(({ cell, isNumber, isName, class: own }, index) =>
              isName === true ? (
                // biome-ignore lint/a11y/noRedundantRoles: see above
                <th key={index} role="rowheader" scope="row" class={classOf(isNumber, own)}>
                  {cell(row)}
                </th>
              ) : (
                // biome-ignore lint/a11y/noRedundantRoles: see above
                <td key={index} role="cell" class={classOf(isNumber, own)}>
                  {cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function classOf(isNumber: boolean | undefined, own: string | undefined): string | undefined {
  const all = [isNumber === true ? "num" : "", own ?? ""].join(" ").trim();
  return all === "" ? undefined : all;
}
