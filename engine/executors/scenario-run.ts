import { performance } from 'node:perf_hooks';
import type { TagScope } from '../metrics/tag-scope.ts';
import type { TestRun } from '../test-run.ts';
import type { CallEnd, RunningScenario, ScriptFunction, VirtualUser } from '../virtual-user.ts';
import type { VuPool } from '../vu-pool.ts';
import type { Driver, Scenario } from './executor.ts';
import { executorOf, regularDurationMs } from './table.ts';
import type { PlanPart, ScenarioPlan } from './table.ts';

/** What a scenario needs from the run. */
interface ScenarioSetting {
  readonly run: TestRun;
  readonly pool: VuPool;
  /** The return value of setup, as JSON. */
  readonly setupJson: string | undefined;
  /** Number of the scenario in the options, from 1. */
  readonly number: number;
}

/**
 * One running scenario: waits for its start time, lets its executor start iterations, closes at the end of the plan,
 * and interrupts iterations that still run after the graceful stop.
 */
export class ScenarioRun implements Scenario {
  readonly plan: ScenarioPlan;
  readonly partition: PlanPart;
  readonly run: TestRun;
  open = false;
  readonly #setting: ScenarioSetting;
  readonly #driver: Driver;
  readonly #scope: TagScope;
  readonly #running = new Map<VirtualUser, () => void>();
  readonly #resting = new Map<NodeJS.Timeout, () => void>();
  readonly #owned: VirtualUser[] = [];
  readonly #active = new Set<VirtualUser>();
  readonly #timers: NodeJS.Timeout[] = [];
  #startedAt = 0;
  #shown: RunningScenario | undefined;
  #closed = false;
  #nextIteration = 0;
  #ended: () => void = () => undefined;

  constructor(part: PlanPart, setting: ScenarioSetting) {
    const { run } = setting;
    const { plan } = part;
    this.partition = part;
    this.plan = plan;
    this.run = run;
    this.#setting = setting;
    this.#driver = executorOf(plan).drive(plan, this);
    let scope = run.rootScope;
    for (const [name, value] of Object.entries(plan.tags)) scope = scope.with(name, value);
    this.#scope = run.hasSystemTag('scenario') ? scope.with('scenario', plan.name) : scope;
  }

  /** Runs the scenario; resolves after its last iteration. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#ended = resolve;
      const { startTimeMs } = this.plan;
      if (startTimeMs === 0) this.#begin();
      else {
        const now = performance.now();
        this.#timers.push(setTimeout(() => this.#begin(), (this.run.planStartedAt ?? now) + startTimeMs - now));
      }
    });
  }

  elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  /** Acquires a VU from the run's pool; a new one if none is free. */
  takeVu(): VirtualUser {
    const vu = this.#setting.pool.acquire();
    this.#owned.push(vu);
    vu.scenario = this.#shown;
    vu.scope = this.#scope;
    vu.iterationInScenario = 0;
    Object.assign(vu.env, this.plan.env);
    return vu;
  }

  /** Starts an iteration; `done` is called when the VU is free again, interrupted or not. */
  iterate(vu: VirtualUser, done: () => void): void {
    const { run, plan } = this;
    run.counts.add('started', 1);
    this.setActive(vu, true);
    vu.iterationInTest = this.partition.work.index(this.#nextIteration++);
    vu.setIterationVariable(vu.iterationInInstance);
    if (vu.setupData === undefined) {
      const json = this.#setting.setupJson;
      vu.setupData = { value: json === undefined ? undefined : run.realm.JSON.parse(json) };
    }
    this.#running.set(vu, done);
    const startedAt = performance.now();
    run.firstIterationAt ??= startedAt;
    const ended = (end: CallEnd): void => this.#iterationEnded(vu, startedAt, end);
    vu.call(vu.exports[plan.exec] as ScriptFunction, [vu.setupData.value], ended);
  }

  /** Counts dropped iterations. */
  drop(iterations: number): void {
    if (iterations <= 0) return;
    this.run.counts.add('dropped', iterations);
    this.#scope.series(this.run.registry.builtIn('dropped_iterations')).add(iterations);
  }

  startedLate(lateMs: number): void {
    this.run.generatorSeries('generator_start_lag').add(lateMs);
  }

  warn(line: string): void {
    this.run.log.warning(line);
  }

  failInit(thrown: unknown): void {
    this.run.failInit(thrown);
  }

  /** Sets whether a VU counts as active (metric `vus`). */
  setActive(vu: VirtualUser, active: boolean): void {
    if (active === this.#active.has(vu)) return;
    if (active) this.#active.add(vu);
    else this.#active.delete(vu);
    this.run.counts.add('active', active ? 1 : -1);
  }

  /** Stops starting iterations; running ones have the plan's `gracefulStop` to finish. */
  close(byPlan: boolean): void {
    if (this.#closed) return;
    const began = this.open;
    this.#closed = true;
    this.open = false;
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
    if (began) this.#driver.close(byPlan);
    for (const [timer, done] of this.#resting) {
      clearTimeout(timer);
      done();
    }
    this.#resting.clear();
    if (this.#running.size === 0) this.#end();
    else this.#timers.push(setTimeout(() => this.interrupt(), this.plan.gracefulStopMs));
  }

  /** Ends the scenario at once. */
  interrupt(): void {
    this.close(false);
    for (const vu of [...this.#running.keys()]) vu.interrupt();
  }

  #begin(): void {
    this.#timers.splice(0);
    const { planStartedAt } = this.run;
    this.#startedAt = planStartedAt === undefined ? performance.now() : planStartedAt + this.plan.startTimeMs;
    this.open = true;
    const total = regularDurationMs(this.plan);
    this.#shown = {
      name: this.plan.name,
      number: this.#setting.number,
      executor: this.plan.executor,
      startedAtUnixMs: Date.now() - Math.round(this.elapsedMs()),
      progress: () => Math.min(1, this.elapsedMs() / total),
    };
    const planEnds = (): void => {
      this.#driver.planEnds?.();
      this.close(true);
    };
    this.#timers.push(setTimeout(planEnds, Math.ceil(total - this.elapsedMs())));
    try {
      this.#driver.begin();
    } catch (thrown) {
      this.failInit(thrown);
    }
  }

  #iterationEnded(vu: VirtualUser, startedAt: number, end: CallEnd): void {
    const { run } = this;
    const { counts } = run;
    if (end.how === 'interrupted') counts.add('interrupted', 1);
    else {
      counts.add('completed', 1);
      vu.series('iterations').add(1);
      vu.series('iteration_duration').add(end.endedAt - startedAt);
      const ending = run.abortReason ?? run.unsupportedCall;
      if (end.how === 'failed' && ending === undefined) run.iterationThrew(end.thrown);
    }
    recordTraffic(vu);
    vu.iterationInInstance++;
    vu.iterationInScenario++;
    vu.http.reset();
    const done = this.#running.get(vu)!;
    this.#running.delete(vu);
    const restMs =
      end.how === 'interrupted' ? 0 : (run.settings?.minIterationDuration ?? 0) - (performance.now() - startedAt);
    if (restMs > 0 && this.open) {
      const timer = setTimeout(() => {
        this.#resting.delete(timer);
        done();
      }, restMs);
      this.#resting.set(timer, done);
    } else done();
    if (this.#closed && this.#running.size === 0) this.#end();
  }

  #end(): void {
    for (const timer of this.#timers.splice(0)) clearTimeout(timer);
    for (const vu of this.#active) this.setActive(vu, false);
    for (const vu of this.#owned.splice(0)) {
      vu.scenario = undefined;
      vu.scope = this.run.rootScope;
      // Restore what the scenario's env replaced (k6-contract.md UNKNOWN-7 leaves it open).
      for (const name of Object.keys(this.plan.env)) {
        const before = this.run.env[name];
        if (before === undefined) Reflect.deleteProperty(vu.env, name);
        else vu.env[name] = before;
      }
      this.#setting.pool.release(vu);
    }
    this.#ended();
    this.#ended = () => undefined;
  }
}

/** Records what a VU has sent and received since the last call (k6-contract.md 4.2). */
export function recordTraffic(vu: VirtualUser): void {
  const { sent, received } = vu.http.takeTraffic();
  if (sent > 0) vu.series('data_sent').add(sent);
  if (received > 0) vu.series('data_received').add(received);
}
