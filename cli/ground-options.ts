import { ConfigurationError } from '../contract/configuration-error.ts';
import { placeOf, setsLoad } from '../engine/consolidate.ts';
import type { OptionLayer } from '../engine/consolidate.ts';
import type { Script } from './script.ts';

/** A k6 option that breaks an assumption of our scenarios. */
interface GroundOption {
  readonly name: string;
  /** Scenarios that it breaks; undefined: all. */
  readonly scenarios?: readonly string[];
  readonly why: string;
  /** What to write instead; undefined for a switch, which is just left out. */
  readonly instead?: (value: unknown) => string;
  /** Allowed if other outside options set the load: then the scenarios are replaced on purpose. */
  readonly alone?: true;
}

/** A k6 option that reduces the flows would leave kinds without one. */
const EACH_KIND = 'its thresholds expect every flow kind that FLOWS plays';

/** Options that must not be set from outside for built-in scenarios. Users' scripts may use them. */
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
 * Throws a ConfigurationError for an outside option that breaks a built-in scenario, naming the layer that set it (the
 * highest one wins).
 */
export function refuseGroundOptions({ name: scenario, builtIn }: Script, layers: readonly OptionLayer[]): void {
  if (!builtIn) return;
  refuseBareDurations(layers);
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

/**
 * Throws a ConfigurationError for a duration without a unit: k6 takes it for milliseconds, and our settings refuse it.
 */
function refuseBareDurations(layers: readonly OptionLayer[]): void {
  for (const { source, values } of layers.filter((layer) => layer.source !== 'config')) {
    const stages = (values['stages'] ?? []) as readonly { readonly duration: unknown }[];
    const given: readonly (readonly [name: string, text: unknown])[] = [
      ['duration', values['duration']],
      ...stages.map(({ duration }) => ['stages', duration] as const),
    ];
    const bare = given.find(([, text]) => typeof text === 'string' && /^\d*[1-9]\d*$/.test(text));
    if (bare === undefined) continue;
    const [name, text] = bare;
    throw new ConfigurationError(
      `${placeOf(source, name)} is "${String(text)}", which is ${String(text)} milliseconds for k6; write a duration like ${String(text)}s, ${String(text)}m or 1h30m`,
    );
  }
}
