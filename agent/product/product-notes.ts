import { newestAfter } from "../../protocol/newest-confirmed.ts";
import type { Release } from "../../protocol/release.ts";
import { signedScheme } from "../../protocol/release.ts";
import { isVersion } from "../../protocol/version.ts";
import type { Evaluation, Remembered } from "../decision/evaluate.ts";
import type { Format } from "../formats/format.ts";
import type { ProductHome } from "../home/agent-home.ts";
import { JournalFile } from "../life-cycle/journal-file.ts";
import { refusalOf } from "../output/refusal.ts";
import { keptReason } from "../state/agent-state.ts";
import { NewestConfirmedFile } from "../state/newest-confirmed-file.ts";
import { StateFile } from "../state/state-file.ts";

/** What this machine remembers of one product between two starts. */
export class ProductNotes {
  readonly journal: JournalFile;
  readonly state: StateFile;
  private readonly product: string;
  private readonly format: Format;
  private readonly newestConfirmed: NewestConfirmedFile;
  private readonly now: () => number;

  constructor(home: ProductHome, product: string, format: Format, now: () => number) {
    this.product = product;
    this.format = format;
    this.now = now;
    this.journal = new JournalFile(home.journal);
    this.state = new StateFile(home);
    this.newestConfirmed = new NewestConfirmedFile(home.newestConfirmed);
  }

  remembered(): Remembered {
    return { state: this.state.read(), newestConfirmed: this.newest() };
  }

  /** The newest version that this machine ever confirmed. */
  newest(): string | undefined {
    return this.newestConfirmed.read(this.product);
  }

  /** A manifest was verified now, and that is installed: for windows missed while offline. */
  checked(evaluation: Evaluation): void {
    const { installed } = evaluation;
    tryToNote(() => this.foundInstalled(evaluation));
    this.state.update(({ failedCheck: _, ...state }) => ({
      ...state,
      lastCheckAt: this.now(),
      ...(installed === undefined ? {} : { installed }),
    }));
  }

  /** Why a check came to nothing, so that `status` can say it. */
  failedCheck(error: unknown): void {
    const { id, message } = refusalOf(error);
    tryToNote(() => {
      this.state.update((state) => ({
        ...state,
        failedCheck: { at: this.now(), cause: id, reason: keptReason(message) },
      }));
    });
  }

  /**
   * Remembers a signed version that is installed while nothing is under way: it was confirmed, by this agent or by
   * whoever put it there. A note that cannot be read stays as it is, because what it said may have been newer.
   *
   * @throws HomeError
   */
  foundInstalled({ installed, releases }: Evaluation): void {
    const signed = releases.find(
      ({ version, artifacts }) =>
        version === installed?.version &&
        artifacts.some((artifact) => this.format.buildId(artifact) === installed.id),
    );
    if (signed === undefined || this.journal.read().state !== "idle") return;
    const known = this.newest();
    if (known === undefined || isVersion(signedScheme(signed), known)) this.noteConfirmed(signed);
  }

  /** A version proved itself. */
  confirmed(release: Release): void {
    tryToNote(() => this.noteConfirmed(release));
  }

  private noteConfirmed(release: Release): void {
    const known = this.newest();
    const newest = newestAfter(signedScheme(release), known, release.version);
    if (newest !== known) this.newestConfirmed.write(this.product, newest);
  }
}

function tryToNote(note: () => void): void {
  try {
    note();
  } catch {
    // What is to be noted is thrown or logged too, and says more than that this failed as well.
  }
}
