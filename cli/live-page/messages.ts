import type { NumberedInterval } from '../../contract/series-counts.ts';
import type { Cause } from '../../record/causes.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { LiveNumbers } from '../live/live-numbers.ts';

/** What the thread of the live page is started with. */
export interface LiveOrder {
  readonly script: string;
  readonly port: number;
  readonly host: string;
  /** Opens the page to others than this machine; undefined: none is needed. */
  readonly token: string | undefined;
  /** What a request to stop must bear; undefined: the page may not. */
  readonly control: string | undefined;
}

/** To the thread of the live page. */
export type ToLivePage =
  | { readonly is: 'begin'; readonly run: RunFile; readonly folder: string }
  | { readonly is: 'interval'; readonly interval: NumberedInterval }
  | {
      readonly is: 'progress';
      readonly numbers: LiveNumbers;
      /** Why flows failed so far. */
      readonly causes: readonly Cause[];
      /** Failed flows so far. */
      readonly failed: number;
    }
  /** The run is over; its report is in the folder unless it never began. */
  | { readonly is: 'end' };

/** From it. */
export type FromLivePage =
  | { readonly is: 'listening'; readonly port: number }
  | { readonly is: 'refused'; readonly code: string }
  | { readonly is: 'stop' }
  /** Everybody has the end. */
  | { readonly is: 'ended' };
