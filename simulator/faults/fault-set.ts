import type { Fault, FaultKind, FaultStep } from '../wire/faults.ts';
import { StandingFault } from './standing-fault.ts';

/** What a fault made the simulator forget: named by id, so that later requests for it can be told from mistakes. */
export interface Forgotten {
  readonly fault: string;
  readonly kind: FaultKind;
  /** Until when it would have lived at most, on the simulator's clock. */
  readonly until: number;
}

/** The faults that stand now, in the order in which they were added. */
export class FaultSet {
  readonly #seed: number;
  readonly #standing = new Map<string, StandingFault>();
  readonly #forgotten = new Map<string, Forgotten>();

  /** `seed`: for faults without one of their own. */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Whether any request can be faulty. */
  get idle(): boolean {
    return this.#standing.size === 0 && this.#forgotten.size === 0;
  }

  get size(): number {
    return this.#standing.size;
  }

  has(name: string): boolean {
    return this.#standing.has(name);
  }

  list(): readonly StandingFault[] {
    return [...this.#standing.values()];
  }

  /** Adds a fault; one of the same name is removed first. */
  add(fault: Fault): StandingFault {
    this.remove(fault.name);
    const standing = new StandingFault(fault, this.#seed);
    this.#standing.set(fault.name, standing);
    return standing;
  }

  /** Removes a fault and lets go what it holds; false if none of this name stands. */
  remove(name: string): boolean {
    this.#standing.get(name)?.remove();
    return this.#standing.delete(name);
  }

  removeAll(): void {
    for (const name of this.#standing.keys()) this.remove(name);
  }

  /** The first fault that hits this request; `user` is asked for only if a fault is for this step. */
  strike(step: FaultStep, user: () => string | null): StandingFault | undefined {
    let known: string | null | undefined;
    for (const standing of this.#standing.values()) {
      if (!standing.isFor(step)) continue;
      known = known === undefined ? user() : known;
      if (standing.hits(known)) return standing;
    }
    return undefined;
  }

  /** Remembers by which fault a flow, code or device's push was forgotten. */
  forget(thing: string, { name, kind }: Fault, until: number): void {
    this.#forgotten.set(thing, { fault: name, kind, until });
  }

  /** The fault by which this was forgotten, if it was. */
  forgottenBy(thing: string, now: number): Forgotten | undefined {
    const forgotten = this.#forgotten.get(thing);
    return forgotten !== undefined && now < forgotten.until ? forgotten : undefined;
  }

  /** This is there again: a device has had another push. */
  recall(thing: string): void {
    this.#forgotten.delete(thing);
  }

  /** Forgets what would have been gone by now anyway. */
  sweep(now: number): void {
    for (const [thing, { until }] of this.#forgotten) if (now >= until) this.#forgotten.delete(thing);
  }

  /** As after a start. */
  clear(): void {
    this.removeAll();
    this.#forgotten.clear();
  }
}
