import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { ApiError } from "../api/api-error.ts";
import { useSession } from "../api/session.ts";
import type { PreparedCommit, WrittenCommit } from "../api/types.ts";
import { Badge } from "./badge.tsx";
import { Button } from "./button.tsx";
import { Commit } from "./commit.tsx";
import { CommandLine } from "./copy.tsx";
import { Dialog } from "./dialog.tsx";
import { Diff } from "./diff.tsx";
import { FilePlace } from "./file-place.tsx";
import { MarkedText } from "./marked-text.tsx";
import { buttonOf, needsReason, type Proposal, sentenceOfMoves } from "./proposal-words.ts";
import { sentence } from "./reading-view.tsx";
import "./proposal-dialog.css";

interface ProposalDialogProps {
  /** What it is about: `Yank 1.4.2 for linux-arm64`. */
  readonly title: string;
  readonly proposal: Proposal;
  readonly onClose: () => void;
}

/** Milliseconds after the last letter of a reason before the change is looked at again. */
const TYPED_MS = 500;

type Looked =
  | { readonly kind: "awaited" }
  | { readonly kind: "prepared"; readonly value: PreparedCommit }
  | { readonly kind: "refused"; readonly error: ApiError }
  | { readonly kind: "written"; readonly value: WrittenCommit };

/**
 * The page proposes, git decides: says how many machines a change moves, shows its diff and the command that does the same,
 * and makes the commit where the controller lets people.
 */
export function ProposalDialog({ title, proposal, onClose }: ProposalDialogProps): JSX.Element {
  const { client } = useSession();
  const [reason, setReason] = useState(proposal.reason ?? "");
  const [looked, setLooked] = useState<Looked>({ kind: "awaited" });
  const [isWriting, setIsWriting] = useState(false);
  const [turn, setTurn] = useState(0);
  const wantsReason = needsReason(proposal.kind);
  const asked: Proposal = { ...proposal, ...reasonOf(reason, wantsReason) };
  const key = JSON.stringify(asked);

  useEffect(() => {
    let isOver = false;
    const timer = setTimeout(
      () => {
        client
          .send("POST /api/v1/proposals", { body: { ...asked, dryRun: true } })
          .then(({ prepared }) => {
            if (!isOver && prepared !== undefined)
              setLooked(unlessWritten({ kind: "prepared", value: prepared }));
          })
          .catch((error: unknown) => {
            if (!isOver) setLooked(unlessWritten({ kind: "refused", error: asApiError(error) }));
          });
      },
      looked.kind === "awaited" ? 0 : TYPED_MS,
    );
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
    // What is asked stands in its key.
  }, [client, key, turn]);

  const write = async (prepared: PreparedCommit): Promise<void> => {
    setIsWriting(true);
    try {
      const body = { ...asked, base: prepared.base };
      const { written } = await client.send("POST /api/v1/proposals", { body });
      if (written !== undefined) setLooked({ kind: "written", value: written });
    } catch (error) {
      setLooked({ kind: "refused", error: asApiError(error) });
    } finally {
      setIsWriting(false);
    }
  };

  return (
    <Dialog title={title} onClose={onClose}>
      <div class="proposal">
        {wantsReason && looked.kind !== "written" && <Reason value={reason} onInput={setReason} />}
        {looked.kind === "awaited" && <p class="reading">Looking at what it would do</p>}
        {looked.kind === "refused" && (
          <Refused error={looked.error} onAgain={() => setTurn((before) => before + 1)} />
        )}
        {looked.kind === "prepared" && (
          <Prepared
            of={looked.value}
            lack={lackOf(looked.value, wantsReason && reason.trim() === "", isWriting)}
            onWrite={() => void write(looked.value)}
          />
        )}
        {looked.kind === "written" && <Written of={looked.value} />}
      </div>
    </Dialog>
  );
}

function Reason({
  value,
  onInput,
}: {
  readonly value: string;
  readonly onInput: (text: string) => void;
}): JSX.Element {
  const id = useId();
  return (
    <p class="reason">
      <label for={id}>Why</label>
      <input
        id={id}
        class="field"
        maxLength={500}
        value={value}
        placeholder="for whoever reads it later"
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </p>
  );
}

interface PreparedProps {
  readonly of: PreparedCommit;
  readonly lack: string | undefined;
  readonly onWrite: () => void;
}

function Prepared({ of, lack, onWrite }: PreparedProps): JSX.Element {
  const { subject, notices, diffs, diagnostics, command, plan } = of;
  return (
    <>
      <p class="answer">{sentenceOfMoves(of)}</p>
      {notices.length > 0 && (
        <ul class="s q2">
          {notices.map((notice) => (
            <li key={notice}>
              <MarkedText>{notice.replaceAll(" -> ", " → ")}</MarkedText>
            </li>
          ))}
        </ul>
      )}
      {(plan?.warnings ?? []).map(({ code, message }) => (
        <p key={`${code} ${message}`} class="s">
          <Badge state="stale">Warning</Badge> <MarkedText>{sentence(message)}</MarkedText>
        </p>
      ))}
      {diagnostics.map(({ rule, severity, file, span, message, help }) => (
        <p key={`${rule} ${file} ${span?.line} ${message}`} class="s">
          {severity === "error" ? <Badge state="refused">Error</Badge> : <Badge state="stale">Warning</Badge>}{" "}
          <FilePlace file={file} line={span?.line} /> <MarkedText>{sentence(message)}</MarkedText>
          {help !== undefined && (
            <span class="q2">
              {" "}
              <MarkedText>{sentence(help)}</MarkedText>
            </span>
          )}
        </p>
      ))}
      {diffs.map(({ path, diff }) => (
        <Diff key={path} path={path} {...(diff === undefined ? {} : { diff })} />
      ))}
      <p class="s q">
        Commit message: <span class="q2">{subject}</span>
      </p>
      <CommandLine>{command}</CommandLine>
      <footer>
        <Button first={lack === undefined} lack={lack} onPress={onWrite}>
          {buttonOf(of)}
        </Button>
      </footer>
    </>
  );
}

function Refused({
  error,
  onAgain,
}: {
  readonly error: ApiError;
  readonly onAgain: () => void;
}): JSX.Element {
  const isMoved = error.code === "http/base-moved" || error.status === 503 || error.status === undefined;
  return (
    <div role="alert">
      <p>
        <Badge state="refused">{isMoved ? "Not done" : "Refused"}</Badge>{" "}
        <MarkedText>{sentence(error.message)}</MarkedText>
      </p>
      {error.help !== undefined && (
        <p class="s q2">
          <MarkedText>{sentence(error.help)}</MarkedText>
        </p>
      )}
      {isMoved && (
        <footer>
          <Button onPress={onAgain}>Look again</Button>
        </footer>
      )}
    </div>
  );
}

function Written({ of }: { readonly of: WrittenCommit }): JSX.Element {
  const { commit, branch, request, subject } = of;
  return (
    <div role="status">
      <p class="answer">
        <Badge state="done">Done</Badge> {subject}
      </p>
      <p class="q2">
        <Commit id={commit} /> on <code>{branch}</code>
        {request === undefined ? "" : ". Nothing moves before it is merged."}
      </p>
      {request !== undefined && (
        <footer>
          <a class="button first" href={request} target="_blank" rel="noreferrer">
            Open the pull request
          </a>
        </footer>
      )}
    </div>
  );
}

/** Why the commit cannot be made. */
function lackOf(
  { diffs, isValid, isBaseSound, lack }: PreparedCommit,
  isReasonMissing: boolean,
  isWriting: boolean,
): string | undefined {
  if (isWriting) return "It is being written";
  if (diffs.length === 0) return "State already says so";
  if (!isValid) return isBaseSound ? "The state would be refused" : "The state is refused already";
  if (lack !== undefined) return sentence(lack);
  return isReasonMissing ? "Say why first" : undefined;
}

/** A look that was under way when the commit was made says nothing that anybody wants to know any more. */
function unlessWritten(next: Looked): (before: Looked) => Looked {
  return (before) => (before.kind === "written" ? before : next);
}

/** Before somebody has said why, the rest can be looked at. */
function reasonOf(text: string, isWanted: boolean): { readonly reason?: string } {
  const reason = text.trim();
  if (reason !== "") return { reason };
  return isWanted ? { reason: "..." } : {};
}

function asApiError(error: unknown): ApiError {
  return error instanceof ApiError
    ? error
    : new ApiError("page/unreachable", "the controller does not answer");
}
