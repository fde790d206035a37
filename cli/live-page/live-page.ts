import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { NumberedInterval } from '../../contract/series-counts.ts';
import type { ResultsFolder } from '../../record/results-folder.ts';
import type { RunFile } from '../../record/run-file.ts';
import { isLoopback } from '../../lib/target.ts';
import type { LiveNumbers } from '../live/live-numbers.ts';
import type { LiveFlags } from './flags.ts';
import type { FromLivePage, LiveOrder, ToLivePage } from './messages.ts';

/** Who hears of what the page does. */
interface Hearing {
  readonly script: string;
  readonly results: ResultsFolder;
  /** Where the page is, and what becomes of it. */
  readonly say: (line: string) => void;
  readonly warn: (line: string) => void;
  /** The page asks for a graceful stop. */
  readonly stop: () => void;
}

const LOOPBACK = '127.0.0.1';
const PROGRESS_EVERY_MS = 900;
/** How long the end of a run waits for browsers to take the report. */
const END_MS = 4_000;
/** The thread must not take the machine's memory from the run. */
const MOST_MIB = 512;

const REFUSALS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use; write another, or --live for a free one',
  EACCES: 'is not allowed; write one above 1023, or --live for a free one',
  EADDRNOTAVAIL: 'is not at this address; --live-host takes an address of this machine',
};

/**
 * A page that shows a run while it goes. It is made and served by a thread of its own, so that the load is not late for
 * it; if that thread fails, the run goes on.
 */
export class LivePage {
  readonly #worker: Worker;
  readonly #results: ResultsFolder;
  readonly #ended: Promise<void>;
  #next = 0;
  #over = false;

  private constructor(worker: Worker, { results, warn, stop }: Hearing) {
    this.#worker = worker;
    this.#results = results;
    this.#ended = new Promise((resolve) => {
      worker.on('message', (message: FromLivePage) => {
        if (message.is === 'stop') stop();
        if (message.is === 'ended') resolve();
      });
      worker.on('error', (error) => {
        if (!this.#over) warn(`the live page ended (${error.message}); the run goes on`);
        this.#over = true;
        resolve();
      });
      worker.on('exit', () => {
        this.#over = true;
        resolve();
      });
    });
    worker.unref();
  }

  /** Opens the page, if it is asked for. Throws a ConfigurationError if the port cannot be had. */
  static async open(flags: LiveFlags, hearing: Hearing): Promise<LivePage | undefined> {
    const { live: port, liveHost: host = LOOPBACK, liveControl } = flags;
    if (port === undefined) return undefined;
    if (isIP(host) === 0 && host !== 'localhost')
      throw new ConfigurationError(`--live-host is "${host}"; write an address of this machine, such as 0.0.0.0`);
    const secret = (): string => randomBytes(16).toString('base64url');
    const order: LiveOrder = {
      ...{ script: hearing.script, port, host },
      token: host === '::1' || isLoopback(host) ? undefined : secret(),
      control: liveControl === true ? secret() : undefined,
    };
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: order,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MIB },
    });
    const opened = await new Promise<FromLivePage>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the thread of the live page ended')));
    });
    if (opened.is !== 'listening') {
      await worker.terminate();
      const why = opened.is === 'refused' ? (REFUSALS[opened.code] ?? `cannot be opened (${opened.code})`) : 'is gone';
      throw new ConfigurationError(`--live: port ${port} on ${host} ${why}`);
    }
    hearing.say(`live       ${urlOf(host, opened.port, order.token)}`);
    return new LivePage(worker, hearing);
  }

  begin(run: RunFile): void {
    this.#send({ is: 'begin', run, folder: this.#results.path });
  }

  readonly interval = (interval: NumberedInterval): void => this.#send({ is: 'interval', interval });

  progress(numbers: LiveNumbers): void {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + PROGRESS_EVERY_MS;
    const { causes, failures } = this.#results;
    this.#send({ is: 'progress', numbers, causes, failed: failures.seen });
  }

  /** Sends the report to every browser that looks, and closes. */
  async close(): Promise<void> {
    if (!this.#over) {
      this.#send({ is: 'end' });
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([this.#ended, new Promise<void>((resolve) => (timer = setTimeout(resolve, END_MS)))]);
      clearTimeout(timer);
    }
    this.#over = true;
    await this.#worker.terminate();
  }

  #send(message: ToLivePage): void {
    if (!this.#over) this.#worker.postMessage(message);
  }
}

/** Where to look: of all addresses, the first that others can reach. */
function urlOf(host: string, port: number, token: string | undefined): string {
  const others = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const all = host === '0.0.0.0' || host === '::';
  const name = all
    ? (others.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? LOOPBACK)
    : host;
  const authority = name.includes(':') ? `[${name}]` : name;
  return `http://${authority}:${port}/${token === undefined ? '' : `?token=${token}`}`;
}
