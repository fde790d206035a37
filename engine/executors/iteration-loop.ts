import type { VirtualUser } from '../virtual-user.ts';
import type { ScenarioRun } from './scenario-run.ts';

/** One VU that starts its next iteration when the last one has ended, as long as `next` allows; then `idle` is called. */
export function loopIterations(scenario: ScenarioRun, vu: VirtualUser, next: () => boolean, idle: () => void): void {
  if (scenario.open && next()) {
    scenario.iterate(vu, () => loopIterations(scenario, vu, next, idle));
    return;
  }
  scenario.setActive(vu, false);
  idle();
}
