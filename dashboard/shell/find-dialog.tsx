import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useSession } from "../api/session.ts";
import type { Device } from "../api/types.ts";
import { useRead } from "../api/use-read.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { type Finding, rankFindings } from "./find-things.ts";
import { useNavigation } from "./navigation.ts";

/** Milliseconds to wait for the next letter. */
const TYPING_MS = 160;
/** Machines that are listed; who wants more goes to the fleet. */
const MOST_DEVICES = 8;

const ICONS: Readonly<Record<Finding["kind"], IconName>> = {
  view: "right",
  channel: "waves",
  version: "up",
  commit: "commit",
  tenant: "person",
  machine: "disc",
};

/** Goes to whatever has a name: a machine, a tenant, a version, a commit, a view. */
export function FindDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { go } = useNavigation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  // Enter came before the answer did.
  const [isHasty, setHasty] = useState(false);
  const status = useRead("/api/v1/status", { on: ["commit"] });
  const devices = useDevices(text.trim());
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const findings = useMemo(
    () => rankFindings(text.trim(), status.kind === "shown" ? status.value : undefined, devices ?? []),
    [text, status, devices],
  );
  const open = (finding: Finding | undefined): void => {
    if (finding === undefined) return;
    onClose();
    go(finding.href);
  };
  useEffect(() => {
    if (isHasty) open(findings[0]);
  }, [isHasty, findings]);

  const type = (typed: string): void => {
    setText(typed);
    setAt(0);
    setHasty(false);
  };
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (findings.length > 0) setAt((before) => (before + step + findings.length) % findings.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (findings.length === 0) setHasty(true);
      else open(findings[at]);
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
          onInput={(event) => type(event.currentTarget.value)}
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
            <Icon name={ICONS[finding.kind]} tone="quiet" />
            <span class={finding.kind === "machine" || finding.kind === "commit" ? "mono" : undefined}>
              {finding.name}
            </span>
            <span class="q s">{finding.what}</span>
          </div>
        ))}
      </div>
      {findings.length === 0 && devices !== undefined && (
        <p class="find-none q2" role="status">
          Nothing has a name that begins like this. A machine is found by the first letters of its id.
        </p>
      )}
    </Dialog>
  );
}

/** Machines whose ids begin like this, a few; `undefined` while they are asked for. What cannot be asked has none. */
function useDevices(text: string): readonly Device[] | undefined {
  const { client, caller } = useSession();
  const [found, setFound] = useState<{ readonly text: string; readonly devices: readonly Device[] }>();
  useEffect(() => {
    const stop = new AbortController();
    const take = (devices: readonly Device[]): void => {
      if (!stop.signal.aborted) setFound({ text, devices });
    };
    if (text === "" || !caller.fleet) {
      take([]);
      return;
    }
    const query = { search: text, limit: MOST_DEVICES };
    const ask = (): void => {
      client.get("/api/v1/agents", { query }, stop.signal).then(
        ({ agents }) => take(agents),
        () => take([]),
      );
    };
    const timer = setTimeout(ask, TYPING_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, caller, text]);
  return found?.text === text ? found.devices : undefined;
}
