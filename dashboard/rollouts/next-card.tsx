import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../parts/button.tsx";
import { CommandLine } from "../parts/copy.tsx";
import { MarkedText } from "../parts/marked-text.tsx";
import { writeCount, writePpm, writeShare } from "../parts/numbers.ts";
import { ProposalDialog } from "../parts/proposal-dialog.tsx";
import { useNow } from "../parts/time.tsx";
import { writeClock, writeRelative } from "../parts/times.ts";
import { Chart } from "./chart.tsx";
import { type ChoiceProposal, proposalsOf } from "./choice-proposals.ts";
import type { Choice, RolloutReport } from "./rollout-types.ts";
import { type WaveTrackShape, waveTrack } from "./wave-track.ts";

/** What happens next, and when; and what a person may decide. */
export function NextCard({ report }: { readonly report: RolloutReport }): JSX.Element {
  const { next } = report;
  const now = useNow();
  return (
    <section class={`card next${next.choices.length === 0 ? " alone" : ""}`} aria-labelledby="next-title">
      <div class="says">
        <h2 id="next-title" class="vh">
          What happens next
        </h2>
        <p class="lead">
          <b>{next.headline}</b>
          {next.at !== undefined && next.at > now && (
            <span class="q nowrap"> {capitalized(writeRelative(next.at, now))}.</span>
          )}{" "}
          <MarkedText>{next.text}</MarkedText>
        </p>
        {report.waves !== undefined && <WaveTrack report={report} now={now} />}
      </div>
      {next.choices.length > 0 && (
        <ul class="ways">
          {next.choices.map((choice, index) => (
            <Way key={choice.kind} choice={choice} report={report} isFirst={index === 0} />
          ))}
        </ul>
      )}
    </section>
  );
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

interface WayProps {
  readonly choice: Choice;
  readonly report: RolloutReport;
  readonly isFirst: boolean;
}

function Way({ choice, report, isFirst }: WayProps): JSX.Element {
  const { title, text, machines, commands } = choice;
  const [open, setOpen] = useState<ChoiceProposal>();
  const says = (
    <>
      <p>
        <MarkedText>{text}</MarkedText>
      </p>
      {commands.map((command) => (
        <CommandLine key={command}>{command}</CommandLine>
      ))}
      <div class="propose">
        {proposalsOf(choice, report).map((proposal, index) => (
          <Button
            key={proposal.label}
            small
            first={isFirst && index === 0}
            label={`${proposal.label}: ${proposal.title}`}
            onPress={() => setOpen(proposal)}
          >
            {proposal.label}
          </Button>
        ))}
      </div>
      {open !== undefined && (
        <ProposalDialog title={open.title} proposal={open.proposal} onClose={() => setOpen(undefined)} />
      )}
    </>
  );
  const moves = machines === 0 ? "moves none" : `moves ${writeCount(machines)}`;
  if (isFirst) {
    return (
      <li class="way">
        <h3>
          {title} <span class="q">{moves}</span>
        </h3>
        {says}
      </li>
    );
  }
  // What is less likely wanted folds, so that what is next stays in one look.
  return (
    <li class="way">
      <details>
        <summary>
          <b>{title}</b> <span class="q">{moves}</span>
        </summary>
        {says}
      </details>
    </li>
  );
}

const TRACK_HEIGHT = 66;

function WaveTrack({ report, now }: { readonly report: RolloutReport; readonly now: number }): JSX.Element {
  const { devices, running, allowedDevices, waves, state } = report;
  const says =
    `Allowed ${writeShare(allowedDevices, devices)}, on it ${writeShare(running, devices)}` +
    (state === "halted" ? ", halted" : "");
  return (
    <Chart says={says} height={TRACK_HEIGHT}>
      {(width) => (
        <Track
          shape={waveTrack(
            (waves?.all ?? []).map((wave) => ({ ...wave, label: writeClock(wave.at, now) })),
            { devices, running, allowed: allowedDevices, open: waves?.open ?? 0 },
            width - 1,
          )}
          report={report}
          width={width}
        />
      )}
    </Chart>
  );
}

interface TrackProps {
  readonly shape: WaveTrackShape;
  readonly report: RolloutReport;
  readonly width: number;
}

function Track({ shape, report, width }: TrackProps): JSX.Element {
  const { devices, running, allowedDevices, state } = report;
  const isHalted = state === "halted";
  const edge = shape.allowed + 0.5;
  return (
    <>
      <text class="on ink" x="0" y="12">
        {devices === 0
          ? "nobody follows it yet"
          : `${writeCount(running)} on it, ${writeShare(running, devices)}`}
      </text>
      {width > 420 && devices > 0 && (
        <text class="end" x={width} y="12">
          {writeCount(allowedDevices)} of {writeCount(devices)} allowed
        </text>
      )}
      <rect class="track" x="0.5" y="20.5" width={width - 1} height="15" rx="3" />
      <rect
        class={state === "done" ? "v2" : "actual"}
        x="1"
        y="21"
        width={Math.max(0, shape.running - 1)}
        height="14"
        rx="2.5"
      />
      {shape.allowed > 1 && (
        <rect class="allowed" x="0.5" y="20.5" width={shape.allowed} height="15" rx="3" />
      )}
      {shape.ticks.map(({ x, ppm, label, isOpen, anchor, isNamed }) => (
        <g key={ppm}>
          <line class={isOpen ? "tick open" : "tick"} x1={x} x2={x} y1={isOpen ? 35 : 21} y2="41" />
          {isNamed && (
            <>
              <text class={`${anchor}${isOpen ? " on" : ""}`} x={x} y="53">
                {writePpm(ppm)}
              </text>
              <text class={`${anchor} small${isOpen ? " on" : ""}`} x={x} y="64">
                {label}
              </text>
            </>
          )}
        </g>
      ))}
      {isHalted && (
        <>
          <line class="halt-line" x1={edge} x2={edge} y1="17" y2="39" />
          <g transform={`translate(${edge > width - 20 ? edge - 17 : edge + 3} 21)`}>
            <path class="halt-fill" d="M4.2 0h5.6l4.2 4.2v5.6l-4.2 4.2H4.2L0 9.8V4.2z" />
            <rect class="cut-fill" x="3.4" y="6" width="7.2" height="2" />
          </g>
        </>
      )}
    </>
  );
}
