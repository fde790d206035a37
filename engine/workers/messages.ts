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

/** Data that a worker thread is started with. */
export interface WorkerOrder {
  readonly script: { readonly path: string; readonly code: string; readonly map: SourceMapPayload | undefined };
  readonly env: Readonly<Record<string, string>>;
  readonly layers: readonly OptionLayer[];
  readonly proxies: ProxyEnvironment | undefined;
  readonly sharedConnections: number | undefined;
  readonly maxBodyMemory: number | undefined;
  /** Index and number of threads: its row in `counts`, its part of the test. */
  readonly row: number;
  readonly rows: number;
  readonly counts: SharedArrayBuffer;
  readonly sharedRows: ReadonlyMap<string, SharedRows>;
  readonly outputs: readonly OutputTarget['kind'][];
  /** Recording interval, in milliseconds. */
  readonly intervalMs: number;
}

/** What a thread recorded since its last message: metrics of the script, and of the load generator. */
export interface RecordedMessage {
  readonly index: number;
  readonly passed: number;
  readonly script: Increments;
  readonly generator: Increments;
}

/** From the run to a worker thread. */
export type ToWorker =
  /** `aligned`: the plan counts from the start of the run's clock (TestRun.planStartedAt). */
  | {
      readonly is: 'start';
      readonly setupJson: string | undefined;
      readonly startedAtNs: bigint;
      readonly aligned: boolean;
    }
  | { readonly is: 'close' }
  | { readonly is: 'interrupt' };

/** From a worker thread to the run. */
export type FromWorker =
  /** Script read, first VUs created. */
  | { readonly is: 'ready' }
  /** The init code threw. */
  | { readonly is: 'unusable'; readonly thrown: ThrownText }
  | { readonly is: 'console'; readonly level: ConsoleLevel; readonly line: string }
  | { readonly is: 'warning'; readonly line: string; readonly kind: string | undefined }
  /** Increments of an interval; `passed`: the last message for intervals up to that one. */
  | ({ readonly is: 'recorded' } & RecordedMessage)
  | { readonly is: 'samples'; readonly chunk: SampleChunk }
  | { readonly is: 'abort'; readonly reason: string }
  | { readonly is: 'fail'; readonly reason: string }
  | { readonly is: 'init_failed'; readonly thrown: ThrownText }
  /** The script made an unsupported call. */
  | { readonly is: 'unsupported'; readonly line: string }
  /** The first exception that ended an iteration in this thread. */
  | { readonly is: 'thrown'; readonly line: string }
  /** The last message: all scenarios have ended, and everything recorded was sent. */
  | {
      readonly is: 'ended';
      readonly health: readonly ThreadHealth[];
      readonly suppressed: readonly (readonly [kind: string, count: number])[];
    };
