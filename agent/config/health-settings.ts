/** What has to hold of an installed version besides the restart: all that is given, together. */
export interface HealthSettings {
  /** Seconds for which one and the same process has to live. */
  readonly alive?: number;
  /** Absolute path of the file in which the program writes its process number. */
  readonly pidFile?: string;
  readonly http?: HttpHealth;
  /** Absolute path of the file that the program makes once it works; the agent removes it before the restart. */
  readonly readyFile?: string;
}

/** A GET that has to be answered. */
export interface HttpHealth {
  readonly url: string;
  readonly status: number;
  /** Has to be in the first 64 KiB of the body. */
  readonly contains?: string;
}
