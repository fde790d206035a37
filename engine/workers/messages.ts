import type { SourceMapPayload } from 'node:module';
import type { OptionLayer } from '../consolidate.ts';
import type { ThreadHealth } from '../generator-health/monitor.ts';
import type { ProxyEnvironment } from '../http/proxy.ts';
import type { SharedRows } from '../modules/shared-rows.ts';
import type { OutputTarget } from '../outputs/output-target.ts';
import type { SampleChunk } from '../outputs/sample-forwarding.ts';
import type { Increments } from '../recording/increments.ts';
import type { ConsoleLevel } from '../script-console.ts';
import type { ThrownText } from '../thrown.ts';

/** What a worker thread is made with. */
export interface WorkerOrder {
  readonly script: { readonly path: string; readonly code: string; readonly map: SourceMapPayload | undefined };
  readonly env: Readonly<Record<string, string>>;
  readonly layers: readonly OptionLayer[];
  readonly proxies: ProxyEnvironment | undefined;
  readonly sharedConnections: number | undefined;
  readonly maxBodyMemory: number | undefined;
  /** Which of how many threads it is, from 0: its row in `counts`, its part of the test. */
  readonly row: number;
  readonly rows: number;
  readonly counts: SharedArrayBuffer;
  readonly sharedRows: ReadonlyMap<string, SharedRows>;
  readonly outputs: readonly OutputTarget['kind'][];
  /** Length of an interval of the record, in milliseconds. */
  readonly intervalMs: number;
}

/** What a thread recorded in an interval since it last told: the script's metrics, and the load generator's own. */
export interface RecordedMessage {
  readonly index: number;
  readonly passed: number;
  readonly script: Increments;
  readonly generator: Increments;
}

/** From the run to a worker thread. */
export type ToWorker =
  | { readonly is: 'start'; readonly setupJson: string | undefined; readonly startedAtNs: bigint }
  | { readonly is: 'close' }
  | { readonly is: 'interrupt' };

/** From a worker thread to the run. */
export type FromWorker =
  /** Its script is read and its first VUs are made. */
  | { readonly is: 'ready' }
  /** Its init code threw. */
  | { readonly is: 'unusable'; readonly thrown: ThrownText }
  | { readonly is: 'console'; readonly level: ConsoleLevel; readonly line: string }
  | { readonly is: 'warning'; readonly line: string; readonly kind: string | undefined }
  /** What was recorded in an interval; `passed`: the last such message for all intervals up to that one. */
  | ({ readonly is: 'recorded' } & RecordedMessage)
  | { readonly is: 'samples'; readonly chunk: SampleChunk }
  | { readonly is: 'abort'; readonly reason: string }
  | { readonly is: 'fail'; readonly reason: string }
  | { readonly is: 'init_failed'; readonly thrown: ThrownText }
  /** It called what the engine does not have. */
  | { readonly is: 'unsupported'; readonly line: string }
  /** The first exception that ended an iteration there. */
  | { readonly is: 'thrown'; readonly line: string }
  /** The last message: all scenarios have ended, everything recorded was sent. */
  | {
      readonly is: 'ended';
      readonly health: readonly ThreadHealth[];
      readonly suppressed: readonly (readonly [kind: string, count: number])[];
    };
