import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useSession } from "../api/session.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { type Finding, findThings } from "./find-things.ts";
import { useNavigation } from "./navigation.ts";

/** Milliseconds to wait for the next letter. */
const TYPING_MS = 160;

/** Goes to whatever has a name: a machine, a tenant, a version, a commit, a view. */
export function FindDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { client } = useSession();
  const { go } = useNavigation();
  const [text, setText] = useState("");
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  const [at, setAt] = useState(0);
  const [isDone, setDone] = useState(true);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    const stop = new AbortController();
    setDone(false);
    const timer = setTimeout(
      () => {
        findThings(client, text, stop.signal).then(
          (found) => {
            if (stop.signal.aborted) return;
            setFindings(found);
            setAt(0);
            setDone(true);
          },
          () => setDone(true),
        );
      },
      text === "" ? 0 : TYPING_MS,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, text]);

  const open = (finding: Finding | undefined): void => {
    if (finding === undefined) return;
    onClose();
    go(finding.href);
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (findings.length > 0) setAt((before) => (before + step + findings.length) % findings.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      open(findings[at]);
    }
  };
  return (
    <Dialog title="Find" onClose={onClose} bare>
      <div class="find-field">
        <Icon name="find" tone="quiet" />
        <input
          ref={input}
          type="text"
          role="combobox"
          aria-expanded={findings.length > 0}
          aria-controls="findings"
          aria-activedescendant={findings.length > 0 ? `finding-${at}` : undefined}
          aria-autocomplete="list"
          aria-label="Machine, tenant, version or commit"
          placeholder="Machine, tenant, version, commit"
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={press}
        />
      </div>
      <div id="findings" role="listbox" aria-label="What was found">
        {findings.map((finding, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are those of the field, which keeps the focus
          <div
            key={finding.href}
            id={`finding-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            onClick={() => open(finding)}
            onMouseMove={() => setAt(index)}
          >
            <Icon name={finding.icon} tone="quiet" />
            <span class={finding.isCode ? "mono" : undefined}>{finding.name}</span>
            <span class="q s">{finding.what}</span>
          </div>
        ))}
      </div>
      {findings.length === 0 && isDone && (
        <p class="find-none q2" role="status">
          Nothing has a name that begins like this. A machine is found by the first letters of its id.
        </p>
      )}
    </Dialog>
  );
}
