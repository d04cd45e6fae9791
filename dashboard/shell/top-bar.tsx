import type { JSX } from "preact";
import { useLiveState, useSession } from "../api/session.ts";
import { useRead } from "../api/use-read.ts";
import { useNeedsCount } from "../overview/use-needs-count.ts";
import { Commit } from "../parts/commit.tsx";
import { Icon } from "../parts/icon.tsx";
import { Time } from "../parts/time.tsx";
import { Mark } from "./mark.tsx";
import type { Area } from "./routes.ts";

const AREAS: readonly { readonly area: Area; readonly name: string; readonly href: string }[] = [
  { area: "overview", name: "Overview", href: "/" },
  { area: "rollouts", name: "Rollouts", href: "/rollouts" },
  { area: "fleet", name: "Fleet", href: "/fleet" },
  { area: "history", name: "History", href: "/history" },
];

interface TopBarProps {
  /** Where the page is. */
  readonly area: Area | undefined;
  readonly onFind: () => void;
  readonly onTheme: () => void;
  readonly onPerson: () => void;
}

export function TopBar({ area, onFind, onTheme, onPerson }: TopBarProps): JSX.Element {
  const needs = useNeedsCount();
  const { caller } = useSession();
  return (
    <header class="top">
      <a class="brand" href="/" aria-label="Fairlead, overview">
        <Mark />
        Fairlead
      </a>
      <nav aria-label="Views">
        {AREAS.map(({ area: each, name, href }) => (
          <a key={each} href={href} aria-current={each === area ? "page" : undefined}>
            {name}
            {each === "overview" && needs !== undefined && needs > 0 && (
              <span class="count" role="img" aria-label={`${needs} need a person`}>
                {needs}
              </span>
            )}
          </a>
        ))}
      </nav>
      <div class="end">
        <ServedCommit />
        <LiveMark />
        <button
          class="find"
          type="button"
          aria-label="Find a machine, a version or a commit"
          onClick={onFind}
        >
          <Icon name="find" />
          <span>Find</span>
          <kbd>/</kbd>
        </button>
        <button
          class="icon-button"
          type="button"
          aria-label="Switch between light and dark"
          onClick={onTheme}
        >
          <Icon name="theme" />
        </button>
        <button
          class="icon-button"
          type="button"
          aria-label={`Signed in as ${caller.name}, ${caller.role}`}
          onClick={onPerson}
        >
          <Icon name="person" />
        </button>
      </div>
    </header>
  );
}

function ServedCommit(): JSX.Element | null {
  const status = useRead("/api/v1/status", { on: ["commit"] });
  if (status.kind !== "shown" || status.value.commit === undefined) return null;
  const { commit, signedAt } = status.value;
  return (
    <span class="served">
      <span class="opt">Served</span> <Commit id={commit} />
      {signedAt !== undefined && (
        <span class="opt">
          signed <Time at={signedAt} />
        </span>
      )}
    </span>
  );
}

function LiveMark(): JSX.Element | null {
  const state = useLiveState();
  switch (state.kind) {
    case "off":
      return null;
    case "connecting":
      return (
        <span class="served live" role="status">
          <Icon name="ring" tone="quiet" />
          <span>Connecting</span>
        </span>
      );
    case "live":
      return (
        <span class="served live" role="status">
          <Icon name="dot" tone="ok" />
          <span>Live</span>
        </span>
      );
    case "lost":
      return (
        <span class="served live" role="status">
          <Icon name="silent" tone="warn" />
          <span>
            Not live since <Time at={state.since / 1000} as="clock" />
          </span>
        </span>
      );
  }
}
