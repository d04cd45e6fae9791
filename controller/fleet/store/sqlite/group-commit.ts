import type { Database } from "./database.ts";
import { concernsAll, explainSqliteError } from "./explain-sqlite-error.ts";

export interface GroupCommitOptions {
  /** Writes that share one transaction at most. */
  readonly most: number;
  /** How long the first of a group waits for others, milliseconds. */
  readonly wait: number;
}

interface Waiting<Job, Result> {
  readonly job: Job;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes that come at a time share one transaction, since what a commit costs is the wait for the disk. Each resolves
 * when the transaction is on the disk. One that fails leaves the others alone.
 */
export class GroupCommit<Job, Result> {
  private readonly database: Database;
  private readonly perform: (job: Job) => Result;
  private readonly options: GroupCommitOptions;
  private waiting: Waiting<Job, Result>[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(database: Database, perform: (job: Job) => Result, options: GroupCommitOptions) {
    this.database = database;
    this.perform = perform;
    this.options = options;
  }

  /** Rejects with what `perform` threw, or `StoreError` where the transaction failed. */
  add(job: Job): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, resolve, reject });
      if (this.waiting.length >= this.options.most) this.commit();
      else this.timer ??= setTimeout(() => this.commit(), this.options.wait);
    });
  }

  /** Writes what still waits. */
  commit(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const group = this.waiting;
    if (group.length === 0) return;
    this.waiting = [];
    try {
      // Nobody hears anything before all of it is on the disk.
      const answers = this.database.transaction(() => group.map((one) => this.performAlone(one)));
      for (const answer of answers) answer();
    } catch (error) {
      const explained = explainSqliteError(error, this.database.path);
      for (const { reject } of group) reject(explained);
    }
  }

  /** @returns what tells whoever waits how it went */
  private performAlone({ job, resolve, reject }: Waiting<Job, Result>): () => void {
    const { connection } = this.database;
    connection.exec("SAVEPOINT one");
    try {
      const result = this.perform(job);
      connection.exec("RELEASE one");
      return () => resolve(result);
    } catch (error) {
      if (concernsAll(error) || !connection.isTransaction) throw error;
      connection.exec("ROLLBACK TO one; RELEASE one");
      return () => reject(explainSqliteError(error, this.database.path));
    }
  }
}
