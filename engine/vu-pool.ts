import type { TestRun } from './test-run.ts';
import { VirtualUser } from './virtual-user.ts';
import { SCRIPT_WORLD } from './script-world.ts';

/** The VUs of a run, numbered from 1; scenarios acquire and release them (k6-contract.md 3.3). */
export class VuPool {
  readonly #run: TestRun;
  readonly #all: VirtualUser[] = [];
  readonly #free: VirtualUser[] = [];

  constructor(run: TestRun) {
    this.#run = run;
  }

  /** Creates VUs until there are `count`. Throws what the script's init code throws. */
  fill(count: number): void {
    while (this.#all.length < count) this.#free.push(this.#make());
  }

  /** A free VU, or else a new one. */
  acquire(): VirtualUser {
    return this.#free.shift() ?? this.#make();
  }

  release(vu: VirtualUser): void {
    this.#free.push(vu);
  }

  dispose(): void {
    for (const vu of this.#all) vu.dispose();
    this.#run.http.close();
  }

  #make(): VirtualUser {
    const vu = new VirtualUser(this.#run.threadPartition.index(this.#all.length) + 1, this.#run, SCRIPT_WORLD);
    this.#all.push(vu);
    this.#run.counts.set('initialised', this.#all.length);
    return vu;
  }
}
