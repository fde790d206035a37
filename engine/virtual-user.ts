import { performance } from 'node:perf_hooks';
import type { BuiltInName } from '../catalogue/metrics.ts';
import type { ScriptGlobals, ScriptInstance } from './bundle.ts';
import type { Caller } from './http/ports.ts';
import { HttpSession } from './http/session.ts';
import type { AnySeries, Tags } from './metrics/series.ts';
import type { TagScope } from './metrics/tag-scope.ts';
import type { TestRun } from './test-run.ts';

/** How a call into a script ended. `failed`: it threw, or rejected. */
export type CallEnd =
  | { readonly how: 'completed'; readonly value: unknown; readonly endedAt: number }
  | { readonly how: 'failed'; readonly thrown: unknown; readonly endedAt: number }
  | { readonly how: 'interrupted' };

/** What `exec.scenario` shows to the VUs of a scenario. */
export interface RunningScenario {
  readonly name: string;
  /** Place in the options, from 1. */
  readonly number: number;
  readonly executor: string;
  readonly startedAtUnixMs: number;
  readonly progress: () => number;
}

/** What a script finds around it. */
export interface ScriptWorld {
  /** Its globals, in one VU. */
  readonly globals: (vu: VirtualUser) => ScriptGlobals;
  /** What `require(name)` gives in one VU. */
  readonly requireModule: (name: unknown, vu: VirtualUser) => object;
}

/** A function that a script exports. */
export type ScriptFunction = (...args: readonly unknown[]) => unknown;

/**
 * One virtual user: its own copy of the script's module scope, one event loop. A call into the script ends when its
 * promise has settled and no timer or request of it is pending (k6-contract.md 6.3).
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
  /** Numbers of the running iteration within its scenario, from 0. */
  iterationInTest = 0;
  /** Iterations that this VU has begun before the running one. */
  iterationInInstance = 0;
  /** The VU's copy of what setup returned; made at its first iteration. */
  setupData: { readonly value: unknown } | undefined;
  /** Timers that are still to fire. */
  readonly timers = new Map<number, NodeJS.Timeout>();
  readonly #script: ScriptInstance;
  #epoch = 0;
  #pending = 0;
  #settled = false;
  #value: unknown;
  #done: ((end: CallEnd) => void) | undefined;
  #drainedAt = 0;
  #checking = false;

  /** Runs the script's init code. Throws what it throws. */
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

  /** True while a call runs, and its epoch; a task that ends in a later epoch is stale and must not touch the script. */
  get epoch(): number {
    return this.#epoch;
  }

  get busy(): boolean {
    return this.#done !== undefined;
  }

  /** The series of a built-in metric in the scope of now; `own` are the sample's own tags. */
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
      // A thenable of the script's own may throw when it is looked at.
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

  /** A timer or a request of the running call begins. */
  taskStarted(): void {
    this.#pending++;
  }

  /** It ends; to be called before the script hears of it. */
  taskEnded(epoch: number): void {
    if (epoch !== this.#epoch) return;
    this.#sayWhoRuns();
    this.#pending--;
    this.#check();
  }

  /** For whoever wonders in which code a thread is stuck. */
  #sayWhoRuns(): void {
    const { counts } = this.run;
    counts.set('currentScenario', this.scenario?.number ?? 0);
    counts.set('currentVu', this.id);
  }

  /** The running call ends by an error; what is pending is dropped. */
  fail(epoch: number, thrown: unknown): void {
    if (epoch !== this.#epoch || this.#done === undefined) return;
    const endedAt = performance.now();
    const done = this.#drop();
    setImmediate(() => done({ how: 'failed', thrown, endedAt }));
  }

  /** Cuts off the running call, if there is one. */
  interrupt(): void {
    if (this.#done !== undefined) this.#drop()({ how: 'interrupted' });
  }

  /** Closes what the VU holds open. */
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

  /** Looks again after all microtasks have run: a `.then` nobody awaits may begin another task. */
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
