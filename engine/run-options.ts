import type { ThresholdDefinition } from '../contract/threshold-expression.ts';
import type { OptionLayer } from './consolidate.ts';
import type { Partition } from './executors/partition.ts';
import type { ProxyEnvironment } from './http/proxy.ts';
import type { OutputTarget } from './outputs/output-target.ts';
import type { IntervalListener } from './recording/collector.ts';
import type { ScenarioPlan } from './executors/table.ts';
import type { StopSignal } from './stop-signal.ts';
import type { Progress } from './live-counts.ts';
import type { ConsoleLevel } from './script-console.ts';

/** What to run, and who is notified. Members marked as internal are shared by engine and command only. */
export interface RunOptions {
  /** A CommonJS bundle, or a script in TypeScript or as an ES module, which is bundled first. */
  readonly bundlePath: string;
  /** @internal The script is known to use supported calls only, so it need not be checked. */
  readonly knownCalls?: boolean;
  /** `__ENV` of the script; empty by default. */
  readonly env?: Readonly<Record<string, string>>;
  /** @internal Options from configuration file, environment and flags. */
  readonly optionLayers?: readonly OptionLayer[];
  /** @internal Proxies from the environment; none by default. */
  readonly proxies?: ProxyEnvironment;
  /** @internal Where to write every sample. */
  readonly outputs?: readonly OutputTarget[];
  /** Called regularly with the progress. */
  readonly onProgress?: (progress: Progress) => void;
  /** Interval of `onProgress` in milliseconds; 1,000 by default. */
  readonly progressEveryMs?: number;
  /** Receives what the script writes to its console, which goes nowhere else. */
  readonly onConsole?: (level: ConsoleLevel, line: string) => void;
  /** Receives the engine's warnings, one line at a time. */
  readonly onWarning?: (line: string) => void;
  /** If the load generator was at fault, keep the verdict and warn. */
  readonly allowInvalid?: boolean;
  /** @internal Called once, after script and options are read and before any request. */
  readonly onPlan?: (plan: ExecutionPlan) => void;
  /**
   * @internal Waited for when all is prepared, setup() included. The run's clock starts at the time that it gives (Unix, in
   * milliseconds; about now); a ConfigurationError ends the run without load.
   */
  readonly barrier?: () => Promise<number>;
  /** Called when the run's clock starts, before setup; with a barrier, after it. */
  readonly onStart?: (startedAt: Date) => void;
  /** @internal Receives recorded intervals, soon after each; for the last time before `run` resolves. */
  readonly onInterval?: IntervalListener;
  /** @internal Length of an interval, in milliseconds, or what it is for a plan; 1,000 by default. */
  readonly intervalMs?: number | ((plan: ExecutionPlan) => number);
  /** Stop after init code, or after setup(), without any load. */
  readonly rehearse?: 'init' | 'setup';
  /** @internal What the user knows parts of options by, where the script makes them of settings: `options.tlsAuth[0].key` → its name. */
  readonly optionNames?: Readonly<Record<string, string>>;
  /** Most connections to an origin, for all VUs together; `Infinity` for no limit. Without it each VU has its own. */
  readonly sharedConnections?: number;
  /** Maximum memory of response bodies in flight, over all VUs, in bytes; 256 MiB by default. */
  readonly maxBodyMemory?: number;
  /** Stops the run, gracefully or at once. */
  readonly stop?: StopSignal;
  /** Called when the first VUs have run the script's init code: from then on `stop` takes effect. */
  readonly onPrepared?: () => void;
  /** Maximum number of worker threads; 0, the default, runs the scenarios in the calling thread. */
  readonly workers?: number;
  /** @internal Time without a heartbeat until a worker is warned about, and until it is abandoned, in milliseconds. */
  readonly stuckAfterMs?: number;
  /** @internal */
  readonly loseAfterMs?: number;
}

/** What a run is about to do. */
export interface ExecutionPlan {
  readonly scenarios: readonly ScenarioPlan[];
  readonly thresholds: readonly ThresholdDefinition[];
  /** This process's share of all VUs (`executionSegment`). */
  readonly segment: Partition;
  /** Tags of every sample. */
  readonly tags: Readonly<Record<string, string>>;
}
