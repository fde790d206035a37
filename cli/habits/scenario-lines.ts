import type { ScenarioName } from '../../contract/setting.ts';
import { isScenario } from '../../contract/setting.ts';
import { scenarioNames } from '../script.ts';

const MEANINGS: Readonly<Record<ScenarioName, string>> = {
  smoke: 'every kind of flow at least once: does it work? 40 seconds',
  load: 'RATE flow starts per second for DURATION: does it keep up?',
  capacity: 'a staircase of rates until a threshold fails ("pairstorm capacity" gives an interval)',
  spike: 'a burst of ten times the rate for a minute, and the way back',
  resilience: 'faults, one after the other: what each did, and when it was over',
  soak: 'low and long: does anything drift?',
};

/** Each scenario that is built, with what it is for, as lines. */
export function scenarioLines(): readonly string[] {
  const order = Object.keys(MEANINGS);
  return scenarioNames()
    .sort((a, b) => order.indexOf(a) - order.indexOf(b))
    .map((name) => `pairstorm run ${name.padEnd(10)}  ${isScenario(name) ? MEANINGS[name] : ''}`.trimEnd());
}
