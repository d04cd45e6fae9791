import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLack, useSession } from "../api/session.ts";
import type { Need, NeedProposal } from "../api/types.ts";
import { useRead } from "../api/use-read.ts";
import { Button } from "../parts/button.tsx";
import { CommandLine } from "../parts/copy.tsx";
import { fileLink } from "../parts/forge-links.ts";
import { Icon } from "../parts/icon.tsx";
import { MarkedText } from "../parts/marked-text.tsx";
import { ProposalDialog } from "../parts/proposal-dialog.tsx";
import { Time } from "../parts/time.tsx";
import { holdRows } from "./held-rows.ts";
import { NEED_LOOKS } from "./need-looks.ts";
import { ProposalButtons } from "./proposal-buttons.tsx";
import { focusRow } from "./use-row-keys.ts";

/** One need, whether it stands for others or not. */
type SingleNeed = Omit<Need, "folded" | "members">;

/**
 * What needs a person. While somebody is in the list, or looks at a commit that one of its rows proposes, no row moves: what
 * is new waits for a press, and a row whose commit was made stays until they have gone on.
 */
export function NeedsList({ needs }: { readonly needs: readonly Need[] }): JSX.Element | null {
  const [held, setHeld] = useState<readonly Need[]>();
  const list = useRef<HTMLElement>(null);
  const { rows, fresh } = holdRows(held, needs);
  const [adopted, setAdopted] = useState(0);
  const [open, setOpen] = useState<NeedProposal>();
  const choose = (proposal: NeedProposal): void => {
    setHeld((before) => before ?? needs);
    setOpen(proposal);
  };
  const adopt = (): void => {
    setHeld(needs);
    setAdopted(adopted + 1);
  };
  // What was pressed is gone then: the focus goes to the first row, which may be a new one.
  useEffect(() => {
    const first = list.current?.querySelector<HTMLElement>("[data-row]");
    if (adopted > 0 && first !== undefined && first !== null) focusRow(first);
  }, [adopted]);
  if (rows.length === 0) return null;
  return (
    <section
      ref={list}
      class="needs-section"
      aria-label="What needs a person"
      onFocusIn={() => setHeld((before) => before ?? needs)}
      onFocusOut={({ relatedTarget }) => {
        const isInside = relatedTarget instanceof Node && list.current?.contains(relatedTarget) === true;
        if (!isInside && open === undefined) setHeld(undefined);
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
          <NeedRow
            key={row.id}
            need={row}
            isOver={isOver}
            isLoud={index === 0 && row.isNow && !isOver}
            onChoose={choose}
          />
        ))}
      </ol>
      {open !== undefined && (
        <ProposalDialog title={open.title} proposal={open.change} onClose={() => setOpen(undefined)} />
      )}
    </section>
  );
}

interface NeedRowProps {
  readonly need: Need;
  readonly onChoose: (proposal: NeedProposal) => void;
  readonly isOver: boolean;
  /** The one row of the view that is tinted. */
  readonly isLoud: boolean;
}

function NeedRow({ need, isOver, isLoud, onChoose }: NeedRowProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const { members, action } = need;
  const proposals = useProposals(need);
  const page = useActionPage(need);
  // One commit is opened by the row's button; of several a person chooses in the row, where the commands are as well.
  const [only, ...others] = proposals;
  const unfolds = members !== undefined || others.length > 0 || (only === undefined && page === undefined);
  const leads = !unfolds && only === undefined;
  const toggle = (): void => setOpen(!isOpen);
  const panel = `choices-${need.id.replaceAll(/[^\w-]/g, "-")}`;
  const classes = [isLoud ? "loud" : "", isOver ? "over" : ""].join(" ").trim();
  return (
    <li class={classes === "" ? undefined : classes} data-row>
      <NeedWords need={need} isOver={isOver} {...(leads || page === undefined ? {} : { page })} />
      <div class="do" data-open>
        {unfolds ? (
          <button
            class={`button${isLoud ? " first" : ""}`}
            type="button"
            aria-expanded={isOpen}
            aria-controls={panel}
            onClick={toggle}
          >
            {members !== undefined && isOpen ? "Show fewer" : action.label}
          </button>
        ) : (
          <>
            {only === undefined ? (
              <Button first={isLoud} {...(page === undefined ? {} : { href: page })}>
                {action.label}
              </Button>
            ) : (
              <ProposalButtons proposals={[only]} onChoose={onChoose} first={isLoud} />
            )}
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
            <>
              {others.length > 0 && (
                <div class="propose">
                  <ProposalButtons proposals={proposals} onChoose={onChoose} small />
                </div>
              )}
              <Commands commands={action.commands} />
            </>
          ) : (
            <Members needs={members} all={need.folded ?? 0} onChoose={onChoose} />
          )}
        </div>
      )}
    </li>
  );
}

/** The commits that a person may choose; none for whoever may not propose any. */
function useProposals({ action }: SingleNeed): readonly NeedProposal[] {
  return useLack("operator") === undefined ? (action.proposals ?? []) : [];
}

/** Where the action leads: of a mistake to its line at the forge, where that is known. */
function useActionPage({ kind, subject, action }: SingleNeed): string | undefined {
  const { caller } = useSession();
  const isLine = kind === "refused" && subject.line !== undefined;
  const source = useRead("/api/v1/source", { when: isLine && caller.tenants === null });
  const { commit, file, line } = subject;
  if (!isLine || source.kind !== "shown" || commit === undefined || file === undefined) return action.page;
  return fileLink(source.value, commit, file, line) ?? action.page;
}

interface NeedWordsProps {
  readonly need: SingleNeed;
  readonly isOver: boolean;
  /** Where more of it is shown, where the button leads elsewhere. */
  readonly page?: string;
}

function NeedWords({ need, isOver, page }: NeedWordsProps): JSX.Element {
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
            {page === undefined ? (
              <MarkedText>{need.what}</MarkedText>
            ) : (
              <a href={page}>
                <MarkedText>{need.what}</MarkedText>
              </a>
            )}
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

interface MembersProps extends Pick<NeedRowProps, "onChoose"> {
  readonly needs: readonly SingleNeed[];
  readonly all: number;
}

function Members({ needs, all, onChoose }: MembersProps): JSX.Element {
  return (
    <ul class="members">
      {needs.map((need) => (
        <Member key={need.id} need={need} onChoose={onChoose} />
      ))}
      {all > needs.length && <li class="q">And {all - needs.length} more.</li>}
    </ul>
  );
}

interface MemberProps extends Pick<NeedRowProps, "onChoose"> {
  readonly need: SingleNeed;
}

function Member({ need, onChoose }: MemberProps): JSX.Element {
  const { action, since, what, why } = need;
  const proposals = useProposals(need);
  return (
    <li>
      <span class="since">{since !== undefined && <Time at={since} as="span" />}</span>
      <span>
        <MarkedText>{what}</MarkedText>{" "}
        <span class="q">
          <MarkedText>{why}</MarkedText>
        </span>
      </span>
      <span class="propose">
        {proposals.length > 0 ? (
          <ProposalButtons proposals={proposals} onChoose={onChoose} small />
        ) : (
          action.page !== undefined && (
            <a class="link nowrap" href={action.page}>
              {action.label}
            </a>
          )
        )}
      </span>
    </li>
  );
}
