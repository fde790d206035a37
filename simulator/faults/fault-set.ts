import type { Fault, FaultKind, FaultStep } from '../wire/faults.ts';
import { ActiveFault } from './active-fault.ts';

/** Something a fault made the simulator forget, by id, to distinguish later requests for it from mistakes. */
interface Forgotten {
  readonly fault: string;
  readonly kind: FaultKind;
  /** When it would have expired at the latest, on the simulator's clock. */
  readonly until: number;
}

/** The active faults, in the order they were added. */
export class FaultSet {
  readonly #seed: number;
  readonly #active = new Map<string, ActiveFault>();
  readonly #forgotten = new Map<string, Forgotten>();

  /** `seed`: for faults without their own. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Whether any request can be faulty. */
  get idle(): boolean {
    return this.#active.size === 0 && this.#forgotten.size === 0;
  }

  get size(): number {
    return this.#active.size;
  }

  has(name: string): boolean {
    return this.#active.has(name);
  }

  list(): readonly ActiveFault[] {
    return [...this.#active.values()];
  }

  /** Adds a fault; one of the same name is removed first. */
  add(fault: Fault): ActiveFault {
    this.remove(fault.name);
    const active = new ActiveFault(fault, this.#seed);
    this.#active.set(fault.name, active);
    return active;
  }

  /** Removes a fault and releases the requests it holds; false if no active fault has this name. */
  remove(name: string): boolean {
    this.#active.get(name)?.remove();
    return this.#active.delete(name);
  }

  removeAll(): void {
    for (const name of this.#active.keys()) this.remove(name);
  }

  /** The first fault that hits this request; `user` is called only if a fault selects the step. */
  match(step: FaultStep, user: () => string | null): ActiveFault | undefined {
    let known: string | null | undefined;
    for (const active of this.#active.values()) {
      if (!active.isFor(step)) continue;
      known = known === undefined ? user() : known;
      if (active.matches(known)) return active;
    }
    return undefined;
  }

  /** Remembers which fault dropped a flow, a code or a device's push. */
  forget(thing: string, { name, kind }: Fault, until: number): void {
    this.#forgotten.set(thing, { fault: name, kind, until });
  }

  /** The fault that dropped this, if any. */
  forgottenBy(thing: string, now: number): Forgotten | undefined {
    const forgotten = this.#forgotten.get(thing);
    return forgotten !== undefined && now < forgotten.until ? forgotten : undefined;
  }

  /** It exists again, such as after another push to the device. */
  recall(thing: string): void {
    this.#forgotten.delete(thing);
  }

  /** Drops entries that would have expired by now anyway. */
  sweep(now: number): void {
    for (const [thing, { until }] of this.#forgotten) if (now >= until) this.#forgotten.delete(thing);
  }

  /** Resets to the state at startup. */
  clear(): void {
    this.removeAll();
    this.#forgotten.clear();
  }
}
