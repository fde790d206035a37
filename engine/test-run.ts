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

/** Warnings of one kind that are printed; the rest is counted. */
const WARNINGS_PER_KIND = 10;

/** What one of several threads is given of a run; a run in one thread has the whole. */
interface ThreadShare {
  /** Which of the run's VUs and iterations are this thread's. */
  readonly partition: Partition;
  readonly counts: LiveCounts;
  /** The rows of SharedArrays that were made before. */
  readonly sharedRows: ReadonlyMap<string, SharedRows>;
  /** Number of threads that share a limit of the whole process, such as `rps`. */
  readonly threads: number;
}

/** A VU whose init code runs. */
export interface Initialising {
  readonly scope: TagScope;
}

/** What all VUs of a run share. */
export class TestRun implements HttpHost {
  readonly realm: Realm;
  readonly bundle: Bundle;
  readonly log: RunLog;
  readonly env: Readonly<Record<string, string>>;
  /** What this thread has recorded and nobody has collected yet; what was collected is in `totals`. */
  readonly registry: MetricRegistry;
  readonly totals = new SeriesTotals();
  readonly http = new HttpClient(this);
  /** Which requests go through a proxy; undefined: none. */
  proxyOf: ProxyChoice | undefined;
  /** Most connections to an origin that all VUs of the process share; undefined: each VU has its own. */
  sharedConnections: number | undefined;
  /** What all users of the process may hold of answers under way, in bytes; undefined: the default. */
  maxBodyMemory: number | undefined;
  /** Undefined while the options are being read. */
  settings: RunSettings | undefined;
  /** Which part of the test this process runs (`executionSegment`), and which part of that this thread runs. */
  segment: Partition = UNPARTITIONED;
  readonly threadPartition: Partition;
  /** Tags of what belongs to no scenario and no group (`vus`). */
  bareScope = new TagScope({});
  /** Tags of what belongs to no scenario. */
  rootScope = new TagScope({ group: '' });
  /** The VU whose init code runs now: metrics and SharedArrays can be made only there. */
  initialising: Initialising | undefined;
  readonly sharedRows: Map<string, SharedRows>;
  /** `performance.now()` of the start of the run's clock. */
  startedAt = performance.now();
  /** `performance.now()` of the start of this thread's first iteration. */
  firstIterationAt: number | undefined;
  /** Numbers of iterations and VUs, of all threads. */
  counts: LiveCounts;
  /** Number of threads that share what is limited for the whole process. */
  readonly threads: number;
  /** What the load generator measures of itself: the engine's own lateness, not the target's. */
  readonly generator: MetricRegistry;
  readonly generatorTotals = new SeriesTotals();
  readonly #generatorSeries = new Map<string, AnySeries>();
  /** What the script asked for through exec.test. */
  abortReason: string | undefined;
  failReason: string | undefined;
  /** A call that this engine does not have, in one line with its place: it ends the run. */
  unsupportedCall: string | undefined;
  /** What init code threw in a VU that was made in mid-test. */
  initFailure: ThrownText | undefined;
  /** The first exception that ended an iteration, in one line. */
  firstThrown: string | undefined;
  /** Called with it. */
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

  /** Takes over the options, once they are read. */
  configure(settings: RunSettings): void {
    this.settings = settings;
    this.segment = segmentPartition(settings.executionSegment, settings.executionSegmentSequence);
    this.#systemTags = new Set(settings.systemTags);
    this.bareScope = new TagScope(settings.tags);
    for (const { name, type, contains } of this.registry.all()) this.totals.define({ metric: name, type, contains });
    this.rootScope = this.hasSystemTag('group') ? this.bareScope.with('group', '') : this.bareScope;
  }

  /** What of the whole test this thread runs. */
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

  /** How late arrival-rate iterations started, in milliseconds; undefined where none did. */
  get startLag(): TrendTotal | undefined {
    return this.generatorTotals.select('generator_start_lag') as TrendTotal | undefined;
  }

  /** Milliseconds since the start of the run. */
  elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  /** A warning of which there may be thousands: the first of its kind are printed, the others counted. */
  warnOften(kind: string, line: string): void {
    const seen = (this.#warned.get(kind) ?? 0) + 1;
    this.#warned.set(kind, seen);
    if (seen <= WARNINGS_PER_KIND) this.log.warning(line, kind);
  }

  /** A request failed, and the script was answered so. */
  requestFailed(text: string, code: number): void {
    const warn = (): void => this.warnOften(`requests failed: ${text}`, `Request Failed: ${text} (error_code ${code})`);
    if (this.#heldFailures === undefined) warn();
    else this.#heldFailures.push(warn);
  }

  /** Keeps warnings of failed requests back, as long as an error may come that says the same and what to do. */
  holdRequestFailures(): void {
    this.#heldFailures = [];
  }

  /** Says them, unless that error came; from now on each is said at once. */
  releaseRequestFailures(errorCame: boolean): void {
    const held = this.#heldFailures ?? [];
    this.#heldFailures = undefined;
    if (!errorCame) for (const warn of held) warn();
  }

  /** A warning that comes from several threads. */
  warnOnce(line: string): void {
    if (this.#warnedOnce.has(line)) return;
    this.#warnedOnce.add(line);
    this.log.warning(line);
  }

  /** Warnings of a kind that another thread had and did not hand over. */
  addSuppressedWarnings(kind: string, count: number): void {
    this.#warned.set(kind, Math.max(this.#warned.get(kind) ?? 0, WARNINGS_PER_KIND) + count);
  }

  /** How many warnings of each kind were not printed. */
  suppressedWarnings(): readonly (readonly [kind: string, count: number])[] {
    return [...this.#warned]
      .filter(([, seen]) => seen > WARNINGS_PER_KIND)
      .map(([kind, seen]) => [kind, seen - WARNINGS_PER_KIND] as const);
  }

  /** An error that ends an iteration, not the run (k6-contract.md 1.3). */
  iterationThrew(thrown: unknown): void {
    this.counts.add('thrown', 1);
    const line = this.logIterationError(thrown);
    this.noteThrown(line);
  }

  /** Keeps the first exception that ended an iteration, here or in another thread. */
  noteThrown(line: string): void {
    if (this.firstThrown !== undefined) return;
    this.firstThrown = line;
    this.onFirstThrown(line);
  }

  /** Reports an error in an iteration, or one of its promises; gives its line. */
  logIterationError(thrown: unknown, how = ''): string {
    const { line } = describeThrown(thrown, this.bundle);
    this.warnOften('iterations ended with an error', `${how}${line}`);
    return line;
  }

  abort(reason: string): void {
    this.abortReason ??= reason;
    this.onAbort();
  }

  /** The script called what this engine does not have: the run ends at once, whatever the script makes of the error. */
  unsupported(message: string): never {
    const error = new this.realm.Error(message);
    this.endByCall(describeThrown(error, this.bundle).line);
    throw error;
  }

  /** The same, in another thread. */
  endByCall(line: string): void {
    if (this.unsupportedCall !== undefined) return;
    this.unsupportedCall = line;
    this.onAbort();
  }

  /** A VU could not be made in mid-test: the run ends. */
  failInit(thrown: unknown): void {
    this.endByInit(describeThrown(thrown, this.bundle));
  }

  /** The same, in another thread. */
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
