import { draw } from '../../contract/draw.ts';
import { FAULT_STEPS, PUSH_STEPS } from '../wire/faults.ts';
import type { Fault, FaultStep } from '../wire/faults.ts';
import { PF_STEPS } from '../../catalogue/steps.ts';

/** Limit of users for whom a fault counts requests (`first`); further ones are not affected. */
const MAX_COUNTED_USERS = 200_000;

/** An active fault, and its use of `first`. */
export class ActiveFault {
  readonly fault: Fault;
  readonly #seed: number;
  readonly #steps: ReadonlySet<FaultStep>;
  /** Affected requests by user, where `first` limits them. */
  readonly #used = new Map<string, number>();
  /** Releases each held request. */
  readonly #held = new Set<() => void>();
  #removed = false;

  /** `seed`: for a fault without its own. */
  constructor(fault: Fault, seed: number) {
    this.fault = fault;
    this.#seed = fault.seed ?? seed;
    this.#steps = new Set(stepsOf(fault));
  }

  /** Whether it can hit requests of this step. */
  isFor(step: FaultStep): boolean {
    return this.#steps.has(step);
  }

  /**
   * Whether it hits the next request of this user. Depends only on the seed, its name, the user, and how often it has
   * hit this user before. An unknown user is hit only by a fault for everybody.
   */
  matches(user: string | null): boolean {
    const share = this.fault.share ?? 1;
    const first = 'first' in this.fault ? this.fault.first : undefined;
    if (user === null) return share === 1 && first === undefined;
    if (draw(this.#seed, 'fault', this.fault.name, user) >= share) return false;
    if (first === undefined) return true;
    const used = this.#used.get(user);
    return used === undefined ? this.#used.size < MAX_COUNTED_USERS : used < first;
  }

  /** Records that it hit a request of this user. */
  use(user: string | null): void {
    if (user !== null && 'first' in this.fault) this.#used.set(user, (this.#used.get(user) ?? 0) + 1);
  }

  /** Waits `ms`, or until the fault is removed. */
  hold(ms: number): Promise<void> {
    if (this.#removed) return Promise.resolve();
    return new Promise((resolve) => {
      const release = (): void => {
        clearTimeout(timer);
        this.#held.delete(release);
        resolve();
      };
      const timer = setTimeout(release, ms);
      this.#held.add(release);
    });
  }

  /** Number of requests being held. */
  get held(): number {
    return this.#held.size;
  }

  /** Removes the fault and releases the requests it holds. */
  remove(): void {
    this.#removed = true;
    for (const release of this.#held) release();
  }
}

function stepsOf(fault: Fault): readonly FaultStep[] {
  if (fault.kind === 'forget-flows') return [];
  if (fault.steps !== undefined) return fault.steps;
  return fault.kind === 'lost-push' ? PUSH_STEPS : PF_STEPS;
}

/** Whether a fault can name this step. */
export function isFaultStep(step: string): step is FaultStep {
  return (FAULT_STEPS as readonly string[]).includes(step);
}
