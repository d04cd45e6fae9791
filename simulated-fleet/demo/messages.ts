/** All that the controller and the thread of its simulated machines say to each other, beside what machines send by HTTP. */

/** Where simulated machines belong. */
export interface DemoPlace {
  /** Absent: the state has no tenant. */
  readonly tenant?: string;
  readonly site?: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the thread is started with. */
export interface DemoFleetInput {
  /** Of the controller: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Where machines are remembered; made if need be. */
  readonly folder: string;
  readonly product: string;
  readonly machines: number;
  /** Where they sit: machine 0 at the first, and so on, from the beginning again after the last. */
  readonly seats: readonly DemoPlace[];
}

export type ToDemoFleet =
  /** The answer to `enrol`: a token for each seat. */
  { readonly kind: "tokens"; readonly tokens: readonly string[] } | { readonly kind: "stop" };

export type FromDemoFleet =
  /** So many machines of each seat have to enrol. */
  | { readonly kind: "enrol"; readonly uses: readonly number[] }
  /** All are enrolled and live. */
  | { readonly kind: "lives" }
  /** Something went wrong; the machines may try again. */
  | { readonly kind: "trouble"; readonly message: string };
