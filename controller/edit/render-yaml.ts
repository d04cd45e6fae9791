import { Document, isCollection, isSeq, Scalar, visit } from "yaml";

/** What an edit may write: everything that state files hold. */
export type YamlValue =
  | string
  | number
  | boolean
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue };

/** How a scalar is quoted; kept when its value is replaced. */
export type Quoting = typeof Scalar.PLAIN | typeof Scalar.QUOTE_DOUBLE | typeof Scalar.QUOTE_SINGLE;

/** 0: no line is ever re-wrapped. */
const STYLE = { lineWidth: 0, indent: 2, indentSeq: true } as const;

/** `key: value` as it stands in a block map, not indented, without a final line break. Lists are written `[a, b]`. */
export function renderBlockPair(key: string, value: YamlValue): string {
  const document = new Document({ [key]: value });
  visit(document, {
    Seq(_, node) {
      node.flow = true;
    },
  });
  return document.toString({ ...STYLE, flowCollectionPadding: false }).trimEnd();
}

/** `key: value` as it stands between the braces of a flow map. `padded`: nested braces get blanks inside. */
export function renderFlowPair(key: string, value: YamlValue, padded: boolean): string {
  return renderFlow({ [key]: value }, padded, undefined)
    .slice(1, -1)
    .trim();
}

/** A value on one line, safe inside braces and brackets as well as after a key. */
export function renderInline(value: YamlValue, padded: boolean, quoting?: Quoting): string {
  return renderFlow([value], padded, quoting).slice(1, -1).trim();
}

function renderFlow(value: YamlValue, padded: boolean, quoting: Quoting | undefined): string {
  const document = new Document(value);
  visit(document, {
    Collection(_, node) {
      node.flow = true;
    },
  });
  const { contents } = document;
  if (quoting !== undefined && isSeq(contents)) {
    for (const item of contents.items) if (item instanceof Scalar) item.type = quoting;
  }
  return document.toString({ ...STYLE, flowCollectionPadding: padded && isCollection(contents) }).trimEnd();
}
