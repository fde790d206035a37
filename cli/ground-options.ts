import { ConfigurationError } from '../contract/configuration-error.ts';
import { placeOf, setsLoad } from '../engine/consolidate.ts';
import type { OptionLayer } from '../engine/consolidate.ts';
import type { Script } from './script.ts';

/** An option that takes away what our scenarios stand on. */
interface GroundOption {
  readonly name: string;
  /** The scenarios that need it otherwise; undefined: all. */
  readonly scenarios?: readonly string[];
  readonly why: string;
  /** What to write in its place; undefined: it is a switch, and is left out. */
  readonly instead?: (value: unknown) => string;
  /** Only where nothing else from outside says what load is made: with it the user has replaced the scenarios knowingly. */
  readonly alone?: true;
}

/** Fewer flows by an option of k6's would leave kinds without one. */
const EACH_KIND = 'its thresholds expect every flow kind that FLOWS plays';

/** Options that must not be set from outside for a scenario of ours; a script of one's own may bear them. */
const GROUND_OPTIONS: readonly GroundOption[] = [
  {
    name: 'noSetup',
    why: 'setup() checks target, users and devices, and returns the data that VUs need',
  },
  {
    name: 'noTeardown',
    scenarios: ['resilience'],
    why: 'teardown() ends the faults that the run started',
  },
  {
    name: 'throw',
    why: 'a failed request is recorded as an outcome, and an exception would hide it',
  },
  {
    name: 'vus',
    why: 'it would replace the scenarios that are planned',
    instead: (value) => `write -e VUS=${String(value)}`,
    alone: true,
  },
  {
    name: 'iterations',
    scenarios: ['smoke'],
    why: EACH_KIND,
    instead: (value) => `write -e FLOWS=${String(value)}`,
  },
  {
    name: 'once',
    scenarios: ['smoke'],
    why: EACH_KIND,
    instead: () => 'write -e FLOWS=1',
  },
];

/**
 * Throws a ConfigurationError for an option from outside that one of our scenarios cannot bear, with the layer that set it; of
 * several layers the highest counts.
 */
export function refuseGroundOptions({ name: scenario, builtIn }: Script, layers: readonly OptionLayer[]): void {
  if (!builtIn) return;
  for (const { name, scenarios, why, instead, alone } of GROUND_OPTIONS) {
    if (scenarios !== undefined && !scenarios.includes(scenario)) continue;
    const layer = layers.findLast(({ values }) => values[name] !== undefined && values[name] !== null);
    const value = layer?.values[name];
    if (alone && (setsLoad(layers) || layer?.source === 'config')) continue;
    if (layer === undefined || value === false || (instead === undefined && value !== true)) continue;
    const advice = instead === undefined ? 'leave it out' : instead(value);
    throw new ConfigurationError(
      `${placeOf(layer.source, name)} cannot be combined with ${scenario}: ${why}; ${advice}`,
    );
  }
}
