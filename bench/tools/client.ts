import type { Command } from '../measured-process.ts';

/** What a client is told. */
export interface Order {
  /** Origin of the target, such as `http://127.0.0.1:8080`. */
  readonly target: string;
  readonly flows: number;
  readonly users: number;
  /** Folder for what the client writes; deleted afterwards. */
  readonly folder: string;
}

/** A program that plays the flow of five requests; one row of the table. */
export interface Client {
  readonly name: string;
  /** Flows of the short run, which pays for the start-up and, on a JVM, for the compiler's work; and of the long run. */
  readonly flows: readonly [few: number, many: number];
  /** False: one constant cookie. */
  readonly renewsCookie: boolean;
  /** How to run it, or why it cannot be run here. */
  find(): { readonly command: (order: Order) => Command } | { readonly missing: string };
}
