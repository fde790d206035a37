import { count, durationField, lengthOfStages, stages } from '../option-fields.ts';
import type { Stage } from '../option-fields.ts';
import type { CommonPlan, Executor, Scenario, ScenarioVu } from './executor.ts';
import { loopIterations } from './iteration-loop.ts';

export interface RampingVusPlan extends CommonPlan {
  readonly executor: 'ramping-vus';
  readonly startVus: number;
  readonly stages: readonly Stage[];
  readonly gracefulRampDownMs: number;
}

/** A number of VUs that follows stages. A VU that is ramped down has `gracefulRampDown` to finish its iteration. */
export const rampingVus: Executor<RampingVusPlan> = {
  fields: { startVUs: [count(0), 1], stages: [stages], gracefulRampDown: [durationField, '30s'] },
  read: (field) => ({
    startVus: field('startVUs'),
    stages: field('stages'),
    gracefulRampDownMs: field('gracefulRampDown'),
  }),
  lengthMs: (plan) => lengthOfStages(plan.stages),
  vus(plan) {
    const most = Math.max(plan.startVus, ...plan.stages.map(({ target }) => target));
    return { atStart: most, atMost: most };
  },
  partition: (plan) => plan,
  drive(plan, scenario) {
    const changes = vuChanges(plan.startVus, plan.stages).map(({ atMs, vus }) => ({
      atMs,
      vus: scenario.partition.vus.count(vus),
    }));
    const slots: Slot[] = [];
    let at = 0;
    let timer: NodeJS.Timeout | undefined;
    const follow = (): void => {
      const now = scenario.elapsedMs();
      for (; at < changes.length && changes[at]!.atMs <= now; at++) {
        const { vus } = changes[at]!;
        while (slots.length < vus) slots.push(new Slot(scenario, plan.gracefulRampDownMs));
        slots.forEach((slot, index) => slot.want(index < vus));
      }
      const next = changes[at];
      if (next !== undefined) timer = setTimeout(follow, Math.max(1, Math.ceil(next.atMs - scenario.elapsedMs())));
    };
    return {
      begin: follow,
      close() {
        clearTimeout(timer);
        for (const slot of slots) slot.close();
      },
    };
  },
};

/** The number of VUs from `atMs` on. */
interface VuChange {
  readonly atMs: number;
  readonly vus: number;
}

/**
 * Times at which the number of VUs changes: linear within a stage, in evenly spaced whole VUs, with a stage's target
 * reached exactly at its end (k6-contract.md 3.3; 1→2 in 30 s starts the second VU at 30 s). A stage of length 0 jumps.
 */
export function vuChanges(startVus: number, stages: readonly Stage[]): readonly VuChange[] {
  const changes: VuChange[] = [{ atMs: 0, vus: startVus }];
  let from = startVus;
  let startMs = 0;
  for (const { durationMs, target } of stages) {
    const steps = Math.abs(target - from);
    const direction = Math.sign(target - from);
    for (let step = 1; step <= steps; step++) {
      changes.push({ atMs: startMs + (durationMs * step) / steps, vus: from + direction * step });
    }
    from = target;
    startMs += durationMs;
  }
  return changes;
}

/** One VU of the ramp, currently wanted or not. */
class Slot {
  #wanted = false;
  #looping = false;
  #cutOff: NodeJS.Timeout | undefined;
  readonly #vu: ScenarioVu;
  readonly #scenario: Scenario;
  readonly #graceMs: number;

  constructor(scenario: Scenario, graceMs: number) {
    this.#scenario = scenario;
    this.#graceMs = graceMs;
    this.#vu = scenario.takeVu();
  }

  want(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    clearTimeout(this.#cutOff);
    if (!wanted) this.#cutOff = setTimeout(() => this.#vu.interrupt(), this.#graceMs);
    else if (!this.#looping) {
      this.#looping = true;
      const next = (): boolean => this.#wanted;
      loopIterations(this.#scenario, this.#vu, next, () => {
        this.#looping = false;
        clearTimeout(this.#cutOff);
      });
    }
  }

  /** From now on `gracefulStop` applies instead. */
  close(): void {
    clearTimeout(this.#cutOff);
  }
}
