import { Deadline } from '../../deadline.ts';
import { splitRequest } from './write-request.ts';

/** Result of one attempt. */
export type DeliveryResult =
  | { readonly how: 'taken' }
  /** The receiver takes no body of this size. */
  | { readonly how: 'too_large'; readonly reason: string }
  /** It will not do to send it again. */
  | { readonly how: 'refused'; readonly reason: string }
  /** May be retried, `afterMs` at the earliest. */
  | { readonly how: 'later'; readonly reason: string; readonly afterMs?: number | undefined };

/** Sends a body; never rejects. */
export type Post = (body: Uint8Array, cut: AbortSignal) => Promise<DeliveryResult>;

/** Pauses between attempts, in milliseconds: doubled from the first up to the longest, with jitter. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** Maximum delay that a receiver can ask for. */
const LONGEST_WISH_MS = 60_000;

interface Parcel {
  readonly body: Uint8Array;
  readonly samples: number;
}

/**
 * Delivers bodies in order, each until it is accepted or refused. The queue is bounded: beyond the limit the oldest
 * bodies are dropped. Never blocks the caller; every sample that did not arrive is counted.
 */
export class Delivery {
  /** Samples added, and samples not delivered. */
  samples = 0;
  dropped = 0;
  /** Latest reason for dropping samples. */
  problem: string | undefined;
  /** Most samples in a body, as far as the receiver has let us know. */
  mostInBody = Infinity;
  readonly #post: Post;
  readonly #mostSamples: number;
  readonly #onTrouble: (reason: string) => void;
  readonly #queue: Parcel[] = [];
  readonly #cut = new AbortController();
  #waiting = 0;
  #running: Promise<void> | undefined;
  /** Skip the current or next pause: set once, at the end of the run. */
  #hurry = false;
  #wake: () => void = () => undefined;
  #lastTrouble: string | undefined;
  readonly #warned = new Set<DeliveryResult['how']>();

  /** `mostSamples`: size of the queue. `onTrouble` gets the first refusal and the first repeated failure. */
  constructor(post: Post, mostSamples: number, onTrouble: (reason: string) => void) {
    this.#post = post;
    this.#mostSamples = mostSamples;
    this.#onTrouble = onTrouble;
  }

  /** Adds a body with a number of samples. */
  add(body: Uint8Array, samples: number): void {
    this.samples += samples;
    this.#waiting += samples;
    if (this.#isCut()) {
      this.#drop(samples, 'they arrived after the end');
      return;
    }
    this.#queue.push({ body, samples });
    // The first one is in flight; the newest is kept, since its totals include those of the dropped ones.
    while (this.#waiting > this.#mostSamples && this.#queue.length > 2) {
      const [oldest] = this.#queue.splice(1, 1);
      this.#drop(
        oldest!.samples,
        `more than ${this.#mostSamples} were queued (${this.#lastTrouble ?? 'the receiver is slow'})`,
      );
    }
    this.#running ??= this.#deliver();
  }

  /** Delivers the rest; what is not delivered in time is dropped. */
  async close(withinMs: number, cut: AbortSignal): Promise<void> {
    const deadline = new Deadline(withinMs, cut);
    const end = (): void => {
      this.#cut.abort();
      this.#wake();
    };
    if (deadline.signal.aborted) end();
    deadline.signal.addEventListener('abort', end);
    this.#hurry = true;
    this.#wake();
    await this.#running;
    deadline.clear();
  }

  async #deliver(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (this.#queue.length > 0 && !this.#isCut()) {
      const parcel = this.#queue[0]!;
      const answer = await this.#post(parcel.body, this.#cut.signal);
      if (answer.how === 'later') {
        if (this.#isCut()) break;
        this.#lastTrouble = answer.reason;
        // A single failure may be just an idle connection that was closed.
        if (pauseMs > FIRST_PAUSE_MS)
          this.#warnOnce('later', `${answer.reason}; retrying until the receiver accepts it`);
        await this.#pause(Math.max(jittered(pauseMs), Math.min(answer.afterMs ?? 0, LONGEST_WISH_MS)));
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        continue;
      }
      pauseMs = FIRST_PAUSE_MS;
      this.#queue.shift();
      if (answer.how === 'too_large' && parcel.samples > 1) {
        const half = Math.floor(parcel.samples / 2);
        this.mostInBody = Math.min(this.mostInBody, half);
        const [first, second] = splitRequest(parcel.body, half);
        this.#queue.unshift({ body: first, samples: half }, { body: second, samples: parcel.samples - half });
      } else if (answer.how !== 'taken') {
        this.#drop(parcel.samples, answer.reason);
        this.#warnOnce('refused', `${answer.reason}; such samples are dropped`);
      } else this.#waiting -= parcel.samples;
    }
    for (const { samples } of this.#queue.splice(0))
      this.#drop(samples, this.#lastTrouble ?? 'the receiver did not accept them in time');
    this.#running = undefined;
  }

  #isCut(): boolean {
    return this.#cut.signal.aborted;
  }

  /** A pause that the end of the run cuts short: once, for a last attempt, and at its deadline. */
  async #pause(ms: number): Promise<void> {
    if (!this.#hurry && !this.#isCut()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#hurry = false;
  }

  #warnOnce(how: DeliveryResult['how'], reason: string): void {
    if (this.#warned.has(how)) return;
    this.#warned.add(how);
    this.#onTrouble(reason);
  }

  #drop(samples: number, reason: string): void {
    this.dropped += samples;
    this.#waiting -= samples;
    this.problem = reason;
  }
}

/** A random pause from the upper half, so that machines that failed together do not retry together. */
function jittered(ms: number): number {
  return ms / 2 + (Math.random() * ms) / 2;
}
