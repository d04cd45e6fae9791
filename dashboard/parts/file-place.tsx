import type { JSX } from "preact";
import { useRead } from "../api/use-read.ts";
import { fileLink } from "./forge-links.ts";

interface FilePlaceProps {
  /** Relative to the state root. */
  readonly file: string;
  readonly line?: number | undefined;
  /** The commit that has it so; absent: what is served. */
  readonly commit?: string;
}

/** A place in the state, `tenants/globex.yaml:6`: a link where the forge is known. */
export function FilePlace({ file, line, commit }: FilePlaceProps): JSX.Element {
  const source = useRead("/api/v1/source", {});
  const text = line === undefined ? file : `${file}:${line}`;
  const known = source.kind === "shown" ? source.value : undefined;
  const at = commit ?? known?.served ?? undefined;
  const href = known === undefined || at === undefined ? undefined : fileLink(known, at, file, line);
  if (href === undefined) return <code class="place">{text}</code>;
  return (
    <a class="link place mono" href={href} rel="noreferrer" target="_blank">
      {text}
    </a>
  );
}
