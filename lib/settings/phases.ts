import { STANDARD_FAULTS } from '../../catalogue/phases.ts';
import type { Setting } from '../settings.ts';

const MIN_MS = 100;
const DAY_MS = 86_400_000;
const RATE = { type: 'number', min: 0.01, max: 100_000, unit: 'flows/s' } as const;
const TIME = { type: 'duration', min: MIN_MS, max: DAY_MS } as const;

/** What the scenarios that change something while they run can be told: capacity, spike, resilience. */
export const PHASE_SETTINGS = {
  START_RATE: { ...RATE, default: { capacity: '5' }, scenarios: ['capacity'] },
  STEP_RATE: { ...RATE, default: { capacity: '5' }, scenarios: ['capacity'] },
  MAX_RATE: { ...RATE, default: { capacity: '100' }, scenarios: ['capacity'] },
  STEP_DURATION: { ...TIME, default: { capacity: '30s' }, scenarios: ['capacity'] },
  STEADY_DURATION: { ...TIME, default: { spike: '1m', resilience: '30s' }, scenarios: ['spike', 'resilience'] },
  SPIKE_FACTOR: { type: 'number', min: 1, max: 1000, default: { spike: '10' }, scenarios: ['spike'] },
  SPIKE_DURATION: { ...TIME, default: { spike: '1m' }, scenarios: ['spike'] },
  FAULT_DURATION: { ...TIME, default: { resilience: '30s' }, scenarios: ['resilience'] },
  RECOVERY_DURATION: { ...TIME, default: { spike: '2m', resilience: '1m' }, scenarios: ['spike', 'resilience'] },
  FAULTS: {
    type: 'list',
    allowed: STANDARD_FAULTS,
    default: { resilience: STANDARD_FAULTS.join(',') },
    scenarios: ['resilience'],
  },
  FAULT_SHARE: { type: 'number', min: 0.001, max: 1, default: { resilience: '0.3' }, scenarios: ['resilience'] },
  FAULT_START_URL: { type: 'url', default: '', scenarios: ['resilience'] },
  FAULT_END_URL: { type: 'url', default: '', scenarios: ['resilience'] },
  POLL_PHASE: { type: 'choice', allowed: ['own', 'spread', 'aligned'], default: 'own' },
} as const satisfies Record<string, Setting>;

type PhaseSettingName = keyof typeof PHASE_SETTINGS;

/** The same, read. Rates in flows/s, times in milliseconds. */
export interface PhaseSettings {
  readonly startRate: number;
  readonly stepRate: number;
  readonly maxRate: number;
  readonly stepMs: number;
  readonly steadyMs: number;
  readonly spikeFactor: number;
  readonly spikeMs: number;
  readonly faultMs: number;
  readonly recoveryMs: number;
  readonly faults: readonly string[];
  readonly faultShare: number;
  readonly faultStartUrl: string;
  readonly faultEndUrl: string;
  readonly pollPhase: 'own' | 'spread' | 'aligned';
}

/** Reads them. `complain` is told what does not go together, in words that name the settings. */
export function readPhases(
  read: (name: PhaseSettingName) => string,
  ms: (name: PhaseSettingName) => number,
  isGiven: (name: PhaseSettingName) => boolean,
  complain: (wrong: string) => void,
): PhaseSettings {
  const number = (name: PhaseSettingName): number => Number(read(name));
  const settings: PhaseSettings = {
    startRate: number('START_RATE'),
    stepRate: number('STEP_RATE'),
    maxRate: number('MAX_RATE'),
    stepMs: ms('STEP_DURATION'),
    steadyMs: ms('STEADY_DURATION'),
    spikeFactor: number('SPIKE_FACTOR'),
    spikeMs: ms('SPIKE_DURATION'),
    faultMs: ms('FAULT_DURATION'),
    recoveryMs: ms('RECOVERY_DURATION'),
    faults: read('FAULTS')
      .split(',')
      .map((name) => name.trim()),
    faultShare: number('FAULT_SHARE'),
    faultStartUrl: read('FAULT_START_URL'),
    faultEndUrl: read('FAULT_END_URL'),
    pollPhase: read('POLL_PHASE') as PhaseSettings['pollPhase'],
  };
  if ((settings.faultStartUrl === '') !== (settings.faultEndUrl === '')) {
    complain('FAULT_START_URL and FAULT_END_URL go together: what begins a fault must be able to end it; set both');
  }
  if (settings.faultStartUrl !== '') {
    for (const name of ['FAULTS', 'FAULT_SHARE'] as const) {
      if (isGiven(name)) complain(`${name} does not apply with FAULT_START_URL: the hook decides what goes wrong`);
    }
  }
  if (new Set(settings.faults).size < settings.faults.length) complain('FAULTS names a fault twice');
  if (settings.maxRate < settings.startRate) {
    complain(`MAX_RATE is ${settings.maxRate}, less than START_RATE ${settings.startRate}`);
  }
  return settings;
}
