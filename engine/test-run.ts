import { performance } from 'node:perf_hooks';
import { modelsOf } from '../catalogue/metric-models.ts';
import { GENERATOR_METRICS } from '../catalogue/metrics.ts';
import type { GeneratorMetric } from '../catalogue/metrics.ts';
import type { Tags, TrendTotal } from '../contract/series-counts.ts';
import { SeriesTotals } from '../contract/series-totals.ts';
import type { Bundle } from './bundle.ts';
import { segmentPartition } from './executors/execution-segment.ts';
import { UNPARTITIONED, subPartition } from './executors/partition.ts';
import type { Partition } from './executors/partition.ts';
import { HttpClient } from './http/client.ts';
import type { HttpHost } from './http/ports.ts';
import type { ProxyChoice } from './http/proxy.ts';
import { LiveCounts } from './live-counts.ts';
import { MetricRegistry } from './metrics/registry.ts';
import type { AnySeries } from './metrics/series.ts';
import { TagScope } from './metrics/tag-scope.ts';
import type { SharedRows } from './modules/shared-rows.ts';
import type { RunSettings } from './options.ts';
import type { Realm } from './realm.ts';
import type { RunLog } from './script-console.ts';
import { describeThrown } from './thrown.ts';
import type { ThrownText } from './thrown.ts';

/** Warnings printed per kind; the rest is counted. */
const WARNINGS_PER_KIND = 10;

/** A thread's share of a run; a run in one thread has everything. */
interface ThreadShare {
  /** This thread's VUs and iterations. */
  readonly partition: Partition;
  readonly counts: LiveCounts;
  /** Rows of SharedArrays created before. */
  readonly sharedRows: ReadonlyMap<string, SharedRows>;
  /** Number of threads that share process-wide limits, such as `rps`. */
  readonly threads: number;
}

/** A VU that runs its init code. */
export interface Initialising {
  readonly scope: TagScope;
}

/** State shared by all VUs of a run. */
export class TestRun implements HttpHost {
  readonly realm: Realm;
  readonly bundle: Bundle;
  readonly log: RunLog;
  readonly env: Readonly<Record<string, string>>;
  /** What this thread has recorded since the last collection; the rest is in `totals`. */
  readonly registry: MetricRegistry;
  readonly totals = new SeriesTotals();
  readonly http = new HttpClient(this);
  /** Chooses the proxy of a request; undefined: no proxies. */
  proxyOf: ProxyChoice | undefined;
  /** Maximum connections per origin, shared by all VUs of the process; undefined: each VU has its own. */
  sharedConnections: number | undefined;
  /** Maximum memory of response bodies in flight, over all VUs, in bytes; undefined: the default. */
  maxBodyMemory: number | undefined;
  /** Undefined until the options are read. */
  settings: RunSettings | undefined;
  /** This process's part of the test (`executionSegment`), and this thread's part of that. */
  segment: Partition = UNPARTITIONED;
  readonly threadPartition: Partition;
  /** Tags of samples outside scenarios and groups (`vus`). */
  bareScope = new TagScope({});
  /** Tags of samples outside scenarios. */
  rootScope = new TagScope({ group: '' });
  /** The VU running its init code: only then can metrics and SharedArrays be created. */
  initialising: Initialising | undefined;
  readonly sharedRows: Map<string, SharedRows>;
  /** `performance.now()` at the start of the run's clock. */
  startedAt = performance.now();
  /**
   * `performance.now()` from which the plan counts, if that is a time given beforehand (RunOptions.barrier): parts on other
   * machines count from the same. Undefined: each scenario counts from when it is ready.
   */
  planStartedAt: number | undefined;
  /** `performance.now()` at the start of this thread's first iteration. */
  firstIterationAt: number | undefined;
  /** Counts of iterations and VUs in all threads. */
  counts: LiveCounts;
  /** Number of threads that share process-wide limits. */
  readonly threads: number;
  /** The load generator's measurements of itself. */
  readonly generator: MetricRegistry;
  readonly generatorTotals = new SeriesTotals();
  readonly #generatorSeries = new Map<string, AnySeries>();
  /** Requested by the script through exec.test. */
  abortReason: string | undefined;
  failReason: string | undefined;
  /** An unsupported call, in one line with its location: it ends the run. */
  unsupportedCall: string | undefined;
  /** What init code threw in a VU created mid-test. */
  initFailure: ThrownText | undefined;
  /** The first exception that ended an iteration, in one line. */
  firstThrown: string | undefined;
  /** Called when `firstThrown` is set. */
  onFirstThrown: (line: string) => void = () => undefined;
  /** Called when the run must end at once. */
  onAbort: () => void = () => undefined;
  /** Called when the script marks the test as failed. */
  onFail: (reason: string) => void = () => undefined;
  #systemTags: ReadonlySet<string> | undefined;
  readonly #warned = new Map<string, number>();
  readonly #warnedOnce = new Set<string>();
  #heldFailures: (() => void)[] | undefined;

  constructor(realm: Realm, bundle: Bundle, env: Readonly<Record<string, string>>, log: RunLog, share?: ThreadShare) {
    this.threadPartition = share?.partition ?? UNPARTITIONED;
    this.counts = share?.counts ?? new LiveCounts();
    this.sharedRows = new Map(share?.sharedRows);
    this.threads = share?.threads ?? 1;
    this.realm = realm;
    this.bundle = bundle;
    this.env = env;
    this.log = log;
    this.registry = new MetricRegistry(log.warning);
    this.generator = new MetricRegistry(log.warning, modelsOf(GENERATOR_METRICS));
  }

  configure(settings: RunSettings): void {
    this.settings = settings;
    this.segment = segmentPartition(settings.executionSegment, settings.executionSegmentSequence);
    this.#systemTags = new Set(settings.systemTags);
    this.bareScope = new TagScope(settings.tags);
    for (const { name, type, contains } of this.registry.all()) this.totals.define({ metric: name, type, contains });
    this.rootScope = this.hasSystemTag('group') ? this.bareScope.with('group', '') : this.bareScope;
  }

  /** This thread's part of the whole test. */
  get partition(): Partition {
    return subPartition(this.segment, this.threadPartition);
  }

  hasSystemTag(name: string): boolean {
    return this.#systemTags?.has(name) ?? true;
  }

  /** A series of the load generator's own. */
  generatorSeries(name: GeneratorMetric, tags: Tags = {}): AnySeries {
    const key = `${name} ${Object.values(tags).join(' ')}`;
    let series = this.#generatorSeries.get(key);
    if (series === undefined) {
      series = this.generator.find(name)!.seriesFor({ ...tags });
      this.#generatorSeries.set(key, series);
    }
    return series;
  }

  /** Start lag of arrival-rate iterations, in milliseconds; undefined if there were none. */
  get startLag(): TrendTotal | undefined {
    return this.generatorTotals.select('generator_start_lag') as TrendTotal | undefined;
  }

  /** Milliseconds since the start of the run. */
  elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  /** A warning that may occur thousands of times: the first ones of a kind are printed, the others counted. */
  warnOften(kind: string, line: string): void {
    const seen = (this.#warned.get(kind) ?? 0) + 1;
    this.#warned.set(kind, seen);
    if (seen <= WARNINGS_PER_KIND) this.log.warning(line, kind);
  }

  /** A request failed, and the script was told. */
  requestFailed(text: string, code: number): void {
    const warn = (): void => this.warnOften(`requests failed: ${text}`, `Request Failed: ${text} (error_code ${code})`);
    if (this.#heldFailures === undefined) warn();
    else this.#heldFailures.push(warn);
  }

  /** Holds back warnings of failed requests, as long as a more helpful error may follow. */
  holdRequestFailures(): void {
    this.#heldFailures = [];
  }

  /** Prints them unless that error came; later ones are printed at once. */
  releaseRequestFailures(errorCame: boolean): void {
    const held = this.#heldFailures ?? [];
    this.#heldFailures = undefined;
    if (!errorCame) for (const warn of held) warn();
  }

  /** A warning that several threads may give. */
  warnOnce(line: string): void {
    if (this.#warnedOnce.has(line)) return;
    this.#warnedOnce.add(line);
    this.log.warning(line);
  }

  /** Adds warnings that another thread suppressed. */
  addSuppressedWarnings(kind: string, count: number): void {
    this.#warned.set(kind, Math.max(this.#warned.get(kind) ?? 0, WARNINGS_PER_KIND) + count);
  }

  /** Number of suppressed warnings by kind. */
  suppressedWarnings(): readonly (readonly [kind: string, count: number])[] {
    return [...this.#warned]
      .filter(([, seen]) => seen > WARNINGS_PER_KIND)
      .map(([kind, seen]) => [kind, seen - WARNINGS_PER_KIND] as const);
  }

  /** An error that ends an iteration, but not the run (k6-contract.md 1.3). */
  iterationThrew(thrown: unknown): void {
    this.counts.add('thrown', 1);
    const line = this.logIterationError(thrown);
    this.noteThrown(line);
  }

  /** Keeps the first exception that ended an iteration, in any thread. */
  noteThrown(line: string): void {
    if (this.firstThrown !== undefined) return;
    this.firstThrown = line;
    this.onFirstThrown(line);
  }

  /** Logs an error of an iteration or one of its promises; returns the line. */
  logIterationError(thrown: unknown, how = ''): string {
    const { line } = describeThrown(thrown, this.bundle);
    this.warnOften('iterations ended with an error', `${how}${line}`);
    return line;
  }

  abort(reason: string): void {
    this.abortReason ??= reason;
    this.onAbort();
  }

  /** The script made an unsupported call: ends the run at once, even if the script catches the error. */
  unsupported(message: string): never {
    const error = new this.realm.Error(message);
    this.endByCall(describeThrown(error, this.bundle).line);
    throw error;
  }

  /** An unsupported call in another thread. */
  endByCall(line: string): void {
    if (this.unsupportedCall !== undefined) return;
    this.unsupportedCall = line;
    this.onAbort();
  }

  /** A VU could not be created mid-test: ends the run. */
  failInit(thrown: unknown): void {
    this.endByInit(describeThrown(thrown, this.bundle));
  }

  /** A failed VU in another thread. */
  endByInit(thrown: ThrownText): void {
    this.initFailure ??= thrown;
    this.onAbort();
  }

  fail(reason: string): void {
    if (this.failReason !== undefined) return;
    this.failReason = reason;
    this.onFail(reason);
  }
}
