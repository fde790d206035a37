import type { RampingVusPlan } from '../scenario-options.ts';
import type { VirtualUser } from '../virtual-user.ts';
import { vuChanges } from './ramping-vus-schedule.ts';
import type { DriverOf, ScenarioRun } from './scenario-run.ts';
import { loopIterations } from './iteration-loop.ts';

/** A number of VUs that follows stages. A VU that ramps down may finish its iteration within `gracefulRampDown`. */
export const rampingVus: DriverOf<RampingVusPlan> = (plan, scenario) => {
  const changes = vuChanges(plan.startVus, plan.stages).map(({ atMs, vus }) => ({
    atMs,
    vus: scenario.part.vus.count(vus),
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
};

/** One VU of the ramp, wanted or not. */
class Slot {
  #wanted = false;
  #looping = false;
  #cutOff: NodeJS.Timeout | undefined;
  readonly #vu: VirtualUser;
  readonly #scenario: ScenarioRun;
  readonly #graceMs: number;

  constructor(scenario: ScenarioRun, graceMs: number) {
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

  /** From here on `gracefulStop` counts. */
  close(): void {
    clearTimeout(this.#cutOff);
  }
}
