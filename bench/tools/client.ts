import type { Command } from '../measured-process.ts';

/** A client's task. */
export interface Order {
  /** Origin of the target, such as `http://127.0.0.1:8080`. */
  readonly target: string;
  readonly flows: number;
  /** Flows of the long run: an inventory is made for it, so that reading it is in the short run as well. */
  readonly mostFlows: number;
  readonly users: number;
  /** Folder for the client's files; deleted afterwards. */
  readonly folder: string;
}

/** A program that plays the flow of five requests; a row of the table. */
export interface Client {
  readonly name: string;
  /** Flows of the short run, which includes start-up and, on a JVM, most of the compilation; and of the long run. */
  readonly flows: readonly [few: number, many: number];
  /** False: one constant cookie. */
  readonly renewsCookie: boolean;
  /** The command, or why it cannot run here. */
  find(): { readonly command: (order: Order) => Command } | { readonly missing: string };
}
