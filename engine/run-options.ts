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

/** What to run, and who hears of it. Members that are marked as internal are between engine and command. */
export interface RunOptions {
  /** A CommonJS bundle, or a script in TypeScript or as an ES module, which is bundled first. */
  readonly bundlePath: string;
  /** @internal The script is known to call nothing that the engine lacks, so nobody has to look. */
  readonly knownCalls?: boolean;
  /** `__ENV` of the script; nothing by default. */
  readonly env?: Readonly<Record<string, string>>;
  /** @internal Options from elsewhere than the script: configuration file, environment, flags. */
  readonly optionLayers?: readonly OptionLayer[];
  /** @internal The proxies that the environment names; without it none is used. */
  readonly proxies?: ProxyEnvironment;
  /** @internal Where every sample is written to. */
  readonly outputs?: readonly OutputTarget[];
  /** Told how the run is doing, again and again. */
  readonly onProgress?: (progress: Progress) => void;
  /** How often, in milliseconds; 1,000 by default. */
  readonly progressEveryMs?: number;
  /** Told what the script writes to its console, which goes nowhere else. */
  readonly onConsole?: (level: ConsoleLevel, line: string) => void;
  /** Told what the engine has to say, one line at a time. */
  readonly onWarning?: (line: string) => void;
  /** Keep the verdict of a run in which the load generator was at fault, with a warning. */
  readonly allowInvalid?: boolean;
  /** @internal Told once, when script and options are read and before anything is requested. */
  readonly onPlan?: (plan: ExecutionPlan) => void;
  /** Told when the run's clock starts, before setup. */
  readonly onStart?: (startedAt: Date) => void;
  /** @internal Told what was recorded, interval by interval, soon after each; for the last time before `run` resolves. */
  readonly onInterval?: IntervalListener;
  /** @internal Length of an interval, in milliseconds; 1,000 by default. */
  readonly intervalMs?: number;
  /** Go as far as init code, or as setup(), and start no load. */
  readonly rehearse?: 'init' | 'setup';
  /** @internal What the user knows parts of options by, where the script makes them of settings: `options.tlsAuth[0].key` → its name. */
  readonly optionNames?: Readonly<Record<string, string>>;
  /** Most connections to an origin, for all VUs together; `Infinity` for no limit. Without it each VU has its own. */
  readonly sharedConnections?: number;
  /** What all VUs together may hold of answers under way, in bytes; 256 MiB by default. */
  readonly maxBodyMemory?: number;
  /** Stops the run, gracefully or at once. */
  readonly stop?: StopSignal;
  /** Called when the script's init code has run for the first VUs: from then on `stop` is obeyed. */
  readonly onPrepared?: () => void;
  /** Most worker threads that play the scenarios; 0, the default: they are played in the calling thread. */
  readonly workers?: number;
  /** @internal After how long without a sign a worker thread is spoken of, and after how long it is given up, in milliseconds. */
  readonly stuckAfterMs?: number;
  /** @internal */
  readonly loseAfterMs?: number;
}

/** What a run is going to do. */
export interface ExecutionPlan {
  readonly scenarios: readonly ScenarioPlan[];
  readonly thresholds: readonly ThresholdDefinition[];
  /** The part of all VUs that this process runs (`executionSegment`). */
  readonly segment: Partition;
  /** Tags that every sample carries. */
  readonly tags: Readonly<Record<string, string>>;
}
