import { performance } from 'node:perf_hooks';
import type { BuiltInName } from '../catalogue/metrics.ts';
import type { ScriptGlobals, ScriptInstance } from './bundle.ts';
import type { Caller } from './http/ports.ts';
import { HttpSession } from './http/session.ts';
import type { AnySeries } from './metrics/series.ts';
import type { Tags } from '../contract/series-counts.ts';
import type { TagScope } from './metrics/tag-scope.ts';
import type { TestRun } from './test-run.ts';

/** How a call into a script ended. `failed`: it threw, or rejected. */
export type CallEnd =
  | { readonly how: 'completed'; readonly value: unknown; readonly endedAt: number }
  | { readonly how: 'failed'; readonly thrown: unknown; readonly endedAt: number }
  | { readonly how: 'interrupted' };

/** `exec.scenario`, as shared by the VUs of a scenario. */
export interface RunningScenario {
  readonly name: string;
  /** Position in the options, from 1. */
  readonly number: number;
  readonly executor: string;
  readonly startedAtUnixMs: number;
  readonly progress: () => number;
}

/** The environment of a script. */
export interface ScriptWorld {
  /** Globals of a VU. */
  readonly globals: (vu: VirtualUser) => ScriptGlobals;
  /** `require(name)` in a VU. */
  readonly requireModule: (name: unknown, vu: VirtualUser) => object;
}

/** A function exported by a script. */
export type ScriptFunction = (...args: readonly unknown[]) => unknown;

/**
 * A virtual user: its own copy of the script's module scope. A call into the script ends when its promise has settled
 * and none of its timers and requests are pending (k6-contract.md 6.3).
 */
export class VirtualUser implements Caller {
  /** Number in this process, from 1 (`__VU`), and in the whole test. 0: setup, teardown, handleSummary. */
  readonly id: number;
  readonly idInTest: number;
  readonly run: TestRun;
  readonly env: Record<string, string>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly http: HttpSession;
  readonly globals: ScriptGlobals;
  /** Tags of samples emitted now. */
  scope: TagScope;
  scenario: RunningScenario | undefined;
  iterationInScenario = 0;
  /** Number of the current iteration in its scenario, from 0. */
  iterationInTest = 0;
  /** Iterations that this VU started before the current one. */
  iterationInInstance = 0;
  /** The VU's copy of setup data, created in its first iteration. */
  setupData: { readonly value: unknown } | undefined;
  /** Pending timers. */
  readonly timers = new Map<number, NodeJS.Timeout>();
  readonly #script: ScriptInstance;
  #epoch = 0;
  #pending = 0;
  #settled = false;
  #value: unknown;
  #done: ((end: CallEnd) => void) | undefined;
  #drainedAt = 0;
  #checking = false;

  /** Runs the script's init code, and throws what it throws. */
  constructor(id: number, run: TestRun, world: ScriptWorld) {
    this.id = id;
    this.idInTest = id === 0 ? 0 : run.segment.index(id - 1) + 1;
    this.run = run;
    this.scope = run.rootScope;
    this.env = { ...run.env };
    // setup, teardown and handleSummary have connections of their own.
    this.http = new HttpSession(run.http, this, id === 0);
    this.globals = world.globals(this);
    this.#script = run.bundle.instantiate(this.globals);
    const module = { exports: {} as Record<string, unknown> };
    run.initialising = this;
    try {
      this.#script.init.call(undefined, module, module.exports, (name) => world.requireModule(name, this));
    } finally {
      run.initialising = undefined;
    }
    this.exports = module.exports;
  }

  /** Number of the current call: a task of an earlier call is stale and must not touch the script. */
  get epoch(): number {
    return this.#epoch;
  }

  get busy(): boolean {
    return this.#done !== undefined;
  }

  /** The series of a built-in metric in the current scope; `own` are the sample's own tags. */
  series(metric: BuiltInName, own?: Tags): AnySeries {
    return this.scope.series(this.run.registry.builtIn(metric), own);
  }

  setIterationVariable(n: number | undefined): void {
    this.#script.setIteration(n);
  }

  /** Calls a function of the script. `done` is called once, never before `call` has returned. */
  call(fn: ScriptFunction, args: readonly unknown[], done: (end: CallEnd) => void): void {
    const epoch = ++this.#epoch;
    this.#sayWhoRuns();
    this.#done = done;
    this.#pending = 0;
    this.#settled = false;
    this.#value = undefined;
    this.#checking = false;
    try {
      const result = fn(...args);
      // A custom thenable may throw when it is accessed.
      if (isThenable(result)) {
        result.then(
          (value) => this.#settle(epoch, value),
          (thrown: unknown) => this.fail(epoch, thrown),
        );
      } else this.#settle(epoch, result);
    } catch (thrown) {
      this.fail(epoch, thrown);
    }
  }

  /** A timer or request of the current call starts. */
  taskStarted(): void {
    this.#pending++;
  }

  /** It ends; call this before the script is notified. */
  taskEnded(epoch: number): void {
    if (epoch !== this.#epoch) return;
    this.#sayWhoRuns();
    this.#pending--;
    this.#check();
  }

  /** Shows in whose code a stuck thread is. */
  #sayWhoRuns(): void {
    const { counts } = this.run;
    counts.set('currentScenario', this.scenario?.number ?? 0);
    counts.set('currentVu', this.id);
  }

  /** Ends the current call with an error; pending tasks are dropped. */
  fail(epoch: number, thrown: unknown): void {
    if (epoch !== this.#epoch || this.#done === undefined) return;
    const endedAt = performance.now();
    const done = this.#drop();
    setImmediate(() => done({ how: 'failed', thrown, endedAt }));
  }

  /** Interrupts the current call, if any. */
  interrupt(): void {
    if (this.#done !== undefined) this.#drop()({ how: 'interrupted' });
  }

  /** Closes the VU's connections. */
  dispose(): void {
    this.interrupt();
    this.http.close();
  }

  #drop(): (end: CallEnd) => void {
    const done = this.#done!;
    this.#done = undefined;
    this.#epoch++;
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    if (this.#pending > 0) this.http.abortPending();
    return done;
  }

  #settle(epoch: number, value: unknown): void {
    if (epoch !== this.#epoch) return;
    this.#settled = true;
    this.#value = value;
    this.#check();
  }

  /** Checks again after all microtasks: a `.then` that nobody awaits may start another task. */
  #check(): void {
    if (!this.#settled || this.#pending > 0) return;
    this.#drainedAt = performance.now();
    if (this.#checking) return;
    this.#checking = true;
    const epoch = this.#epoch;
    setImmediate(() => {
      if (epoch !== this.#epoch) return;
      this.#checking = false;
      if (this.#pending > 0 || this.#done === undefined) return;
      const done = this.#done;
      this.#done = undefined;
      const value = this.#value;
      this.#value = undefined;
      done({ how: 'completed', value, endedAt: this.#drainedAt });
    });
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
