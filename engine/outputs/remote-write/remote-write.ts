import { setImmediate as nextTurn } from 'node:timers/promises';
import { printDuration } from '../../../contract/duration.ts';
import { Guard } from '../guarded.ts';
import type { ProxyChoice } from '../../http/proxy.ts';
import { labelsOf } from '../prometheus/labels.ts';
import type { ShownRun, ShownSeries } from '../prometheus/shown-series.ts';
import { Delivery } from './delivery.ts';
import { receiverAt } from './http-post.ts';
import type { Receiver } from './http-post.ts';
import type { RemoteWriteTarget } from './settings.ts';
import { encodeRequest, encodeSeries } from './write-request.ts';
import type { EncodedSeries, WrittenSample } from './write-request.ts';

/** Samples per request: Prometheus's own default maximum (`max_samples_per_send`). */
const PER_REQUEST = 2_000;
/** Maximum samples queued: some ten megabytes. */
const MOST_WAITING = 500_000;
/** Unchanged series are resent after this time, for queries that look back 20 s or more. */
const REPEAT_MS = 15_000;

/** How long closing may take before it is logged. */
const SAY_AFTER_MS = 1_000;

/** State of a series as last sent. */
interface Sent {
  readonly series: EncodedSeries;
  value: number | undefined;
  atMs: number;
}

/** Sends a run's exposed series to a Prometheus remote-write receiver while it runs. */
export class RemoteWrite {
  /** The target without its query, which may contain secrets. */
  readonly name: string;
  readonly #target: RemoteWriteTarget;
  readonly #run: ShownRun;
  readonly #labels: Readonly<Record<string, string>>;
  readonly #receiver: Receiver;
  readonly #delivery: Delivery;
  readonly #log: (line: string) => void;
  readonly #warn: (line: string) => void;
  readonly #sent = new Map<ShownSeries, Sent>();
  readonly #timer: NodeJS.Timeout;
  readonly #guard: Guard;
  #pushing: Promise<void> = Promise.resolve();
  #recordedTo = 0;
  #latestMs = 0;

  /** `about.instance` distinguishes machines of one run, like the scrape label of that name. */
  constructor(
    target: RemoteWriteTarget,
    run: ShownRun,
    about: { readonly version: string; readonly instance: string },
    proxyOf: ProxyChoice | undefined,
    { log, warn }: { readonly log: (line: string) => void; readonly warn: (line: string) => void },
  ) {
    const { origin, pathname } = new URL(target.url);
    this.name = `--out prometheus-rw=${origin}${pathname}`;
    this.#target = target;
    this.#run = run;
    this.#labels = labelsOf({ instance: about.instance, ...target.labels }, {});
    this.#latestMs = Date.now();
    this.#receiver = receiverAt(target, about.version, proxyOf);
    this.#log = (line) => log(`${this.name}: ${line}`);
    this.#warn = (line) => warn(`${this.name}: ${line}`);
    this.#delivery = new Delivery(this.#receiver.post, MOST_WAITING, this.#warn);
    this.#guard = new Guard((reason) => {
      clearInterval(this.#timer);
      this.#warn(`closed after an error: ${reason}`);
    });
    this.#timer = setInterval(() => this.#push(false), target.pushIntervalMs);
  }

  /** Notes that everything up to this time (Unix milliseconds) is recorded. */
  recordedTo(unixMs: number): void {
    this.#recordedTo = Math.max(this.#recordedTo, unixMs);
  }

  /** Sends the final state within the time limit; warns about samples not delivered. */
  async close(withinMs: number, cut: AbortSignal): Promise<void> {
    clearInterval(this.#timer);
    this.#push(true);
    if (this.#target.staleMarkers) this.#then(() => this.#markStale());
    await this.#pushing;
    const waiting = setTimeout(() => {
      this.#log(`sending the last samples, for up to ${printDuration(withinMs)}; Ctrl-C skips this`);
    }, SAY_AFTER_MS);
    await this.#delivery.close(withinMs, cut);
    clearTimeout(waiting);
    await this.#receiver.close();
    const { dropped, samples, problem = '' } = this.#delivery;
    if (dropped > 0) this.#warn(`${dropped} of ${samples} samples were not delivered: ${problem}`);
  }

  /** Stops at once, without sending or logging anything more. */
  async discard(): Promise<void> {
    clearInterval(this.#timer);
    await this.#pushing;
    await this.#delivery.close(0, AbortSignal.abort());
    await this.#receiver.close();
  }

  #push(all: boolean): void {
    // Pushes are serialized, so that a slow one does not mix with the next.
    this.#then(() => this.#enqueue(all));
  }

  #then(action: () => Promise<void>): void {
    this.#pushing = this.#pushing
      .then(() => (this.#guard.broken ? undefined : action()))
      .catch((error: unknown) => this.#guard.fail(error));
  }

  /** Timestamp of a push: the end of the recorded time, later than the previous push. */
  #nextTime(): number {
    const now = Date.now();
    const recorded = Math.min(now, Math.floor(this.#recordedTo));
    this.#latestMs = recorded > this.#latestMs ? recorded : Math.max(now, this.#latestMs + 1);
    return this.#latestMs;
  }

  async #enqueue(all: boolean): Promise<void> {
    const before = this.#latestMs;
    const unixMs = this.#nextTime();
    const samples: WrittenSample[] = [];
    for (const [name, family] of this.#run.families) {
      for (const shown of family) {
        const value = shown.valueAt(unixMs);
        if (value === undefined) continue;
        const sent = this.#sentOf(name, shown);
        if (!all && value === sent.value && unixMs - sent.atMs < REPEAT_MS) continue;
        // A new counter has been 0 until now; without this sample, rates would miss its first value.
        const appears = sent.value === undefined && shown.family.type === 'counter';
        if (appears) samples.push({ series: sent.series, value: 0, unixMs: before });
        sent.value = value;
        sent.atMs = unixMs;
        samples.push({ series: sent.series, value, unixMs });
      }
    }
    await this.#hand(samples);
  }

  async #markStale(): Promise<void> {
    const unixMs = this.#nextTime();
    await this.#hand([...this.#sent.values()].map(({ series }) => ({ series, value: 'stale', unixMs }) as const));
  }

  async #hand(samples: readonly WrittenSample[]): Promise<void> {
    for (let at = 0; at < samples.length;) {
      const part = samples.slice(at, at + Math.min(PER_REQUEST, this.#delivery.mostInBody));
      at += part.length;
      this.#delivery.add(encodeRequest(part), part.length);
      // Give VUs on this event loop a turn.
      await nextTurn();
    }
  }

  #sentOf(name: string, shown: ShownSeries): Sent {
    let sent = this.#sent.get(shown);
    if (sent === undefined) {
      const series = encodeSeries(name, labelsOf(shown.labels, this.#labels));
      this.#sent.set(shown, (sent = { series, value: undefined, atMs: 0 }));
    }
    return sent;
  }
}
