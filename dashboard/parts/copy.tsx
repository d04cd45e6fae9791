import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";

/** Milliseconds for which it is said that something was copied. */
const SAID_MS = 1_600;

interface CopyProps {
  readonly text: string;
  /** What it is, for who hears it: `the command`. */
  readonly what: string;
}

/** Copies to the clipboard. Where the browser does not let it (no https), what is to be copied gets selected by hand. */
export function Copy({ text, what }: CopyProps): JSX.Element | null {
  const [copied, setCopied] = useState(0);
  useEffect(() => {
    if (copied === 0) return;
    const timer = setTimeout(() => setCopied(0), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const { clipboard }: { clipboard?: Clipboard } = navigator;
  if (clipboard === undefined) return null;
  return (
    <button
      class="icon-button"
      type="button"
      aria-label={copied > 0 ? "Copied" : `Copy ${what}`}
      onClick={() => void clipboard.writeText(text).then(() => setCopied((before) => before + 1))}
    >
      <Icon name={copied > 0 ? "check" : "copy"} />
    </button>
  );
}

/** A command as it would be typed. */
export function CommandLine({ children }: { readonly children: string }): JSX.Element {
  return (
    <div class="command">
      <code>{children}</code>
      <Copy text={children} what="the command" />
    </div>
  );
}
