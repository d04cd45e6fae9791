import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Need } from "../api/types.ts";
import { Button } from "../parts/button.tsx";
import { CommandLine } from "../parts/copy.tsx";
import { Icon } from "../parts/icon.tsx";
import { MarkedText } from "../parts/marked-text.tsx";
import { Time } from "../parts/time.tsx";
import { holdRows } from "./held-rows.ts";
import { NEED_LOOKS } from "./need-looks.ts";

/** One need, whether it stands for others or not. */
type SingleNeed = Omit<Need, "folded" | "members">;

/** What needs a person. While somebody is in the list no row moves: what is new waits for a press. */
export function NeedsList({ needs }: { readonly needs: readonly Need[] }): JSX.Element | null {
  const [held, setHeld] = useState<readonly Need[]>();
  const list = useRef<HTMLElement>(null);
  const { rows, fresh } = holdRows(held, needs);
  if (rows.length === 0) return null;
  const adopt = (): void => {
    setHeld(needs);
    list.current?.querySelector<HTMLElement>("[data-open]")?.focus();
  };
  return (
    <section
      ref={list}
      class="needs-section"
      aria-label="What needs a person"
      onFocusIn={() => setHeld((before) => before ?? needs)}
      onFocusOut={({ relatedTarget }) => {
        const isInside = relatedTarget instanceof Node && list.current?.contains(relatedTarget) === true;
        if (!isInside) setHeld(undefined);
      }}
    >
      <p class="fresh" role="status">
        {fresh > 0 && (
          <button class="fresh-button" type="button" onClick={adopt}>
            <Icon name="up" />
            {fresh} new
          </button>
        )}
      </p>
      <ol class="needs">
        {rows.map(({ row, isOver }, index) => (
          <NeedRow key={row.id} need={row} isOver={isOver} isLoud={index === 0 && row.isNow && !isOver} />
        ))}
      </ol>
    </section>
  );
}

interface NeedRowProps {
  readonly need: Need;
  readonly isOver: boolean;
  /** The one row of the view that is tinted. */
  readonly isLoud: boolean;
}

function NeedRow({ need, isOver, isLoud }: NeedRowProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const { members, action } = need;
  const toggle = (): void => setOpen(!isOpen);
  const panel = `more ${need.id}`;
  const classes = [isLoud ? "loud" : "", isOver ? "over" : ""].join(" ").trim();
  return (
    <li class={classes === "" ? undefined : classes} data-row>
      <NeedWords need={need} isOver={isOver} />
      <div class="do">
        {action.page === undefined || members !== undefined ? (
          <button
            class={`button${isLoud ? " first" : ""}`}
            type="button"
            data-open
            aria-expanded={isOpen}
            aria-controls={panel}
            onClick={toggle}
          >
            {members !== undefined && isOpen ? "Show fewer" : action.label}
          </button>
        ) : (
          <>
            <Button first={isLoud} href={action.page}>
              {action.label}
            </Button>
            {action.commands.length > 0 && (
              <button
                class="icon-button"
                type="button"
                aria-label="The same on the command line"
                title="The same on the command line"
                aria-expanded={isOpen}
                aria-controls={panel}
                onClick={toggle}
              >
                <Icon name="prompt" />
              </button>
            )}
          </>
        )}
      </div>
      {isOpen && (
        <div class="more" id={panel}>
          {members === undefined ? (
            <Commands commands={action.commands} />
          ) : (
            <Members needs={members} all={need.folded ?? 0} />
          )}
        </div>
      )}
    </li>
  );
}

function NeedWords({ need, isOver }: { readonly need: SingleNeed; readonly isOver: boolean }): JSX.Element {
  const { icon, tone, word } = NEED_LOOKS[need.kind];
  return (
    <>
      <span class={`badge ${isOver ? "quiet" : tone}`}>
        <Icon name={isOver ? "check" : icon} />
        {isOver ? `${word}: over` : word}
      </span>
      <span class="since">{need.since !== undefined && <Time at={need.since} as="span" />}</span>
      <div class="what">
        <p class="title">
          <b>
            <MarkedText>{need.what}</MarkedText>
          </b>
        </p>
        <p class="why">
          <MarkedText>{need.why}</MarkedText>
          {need.link !== undefined && (
            <>
              {" "}
              <a class="link" href={need.link.page}>
                {need.link.label}
              </a>
            </>
          )}
        </p>
      </div>
    </>
  );
}

function Commands({ commands }: { readonly commands: readonly string[] }): JSX.Element {
  return (
    <>
      {commands.map((command) => (
        <CommandLine key={command}>{command}</CommandLine>
      ))}
    </>
  );
}

function Members({
  needs,
  all,
}: {
  readonly needs: readonly SingleNeed[];
  readonly all: number;
}): JSX.Element {
  return (
    <ul class="members">
      {needs.map((need) => (
        <li key={need.id}>
          <span class="since">{need.since !== undefined && <Time at={need.since} as="span" />}</span>
          <span>
            <MarkedText>{need.what}</MarkedText>{" "}
            <span class="q">
              <MarkedText>{need.why}</MarkedText>
            </span>
          </span>
          {need.action.page !== undefined && (
            <a class="link nowrap" href={need.action.page}>
              {need.action.label}
            </a>
          )}
        </li>
      ))}
      {all > needs.length && <li class="q">And {all - needs.length} more.</li>}
    </ul>
  );
}
