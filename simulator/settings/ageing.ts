import { PF_STEPS } from '../../catalogue/steps.ts';
import { choice, number, setting } from '../../contract/setting.ts';

/** How the deployment changes over hours, to test the drift verdict against a known truth (docs/soak.md). */
export const AGEING_SETTINGS = {
  latencyDrift: setting('latencyDrift', {
    parse: number(-50, 1_000),
    default: 0,
    unit: '%/h',
    meaning: 'by how much service times grow per hour',
  }),
  latencyDriftStep: setting('latencyDriftStep', {
    parse: choice('every', ...PF_STEPS),
    default: 'every',
    meaning: 'the step that latencyDrift makes slower',
  }),
  memoryLeak: setting('memoryLeak', {
    parse: number(-50, 1_000),
    default: 0,
    unit: '%/h',
    meaning: 'by how much process_resident_memory_bytes of /metrics grows per hour, below a saw of garbage collection',
  }),
  hourlyJob: setting('hourlyJob', {
    parse: number(0, 1_000),
    default: 0,
    unit: '%',
    meaning: 'by how much service times are longer in the first ten minutes of each hour',
  }),
  pairingErrorCreep: setting('pairingErrorCreep', {
    parse: number(0, 100),
    default: 0,
    unit: 'points/h',
    meaning: 'share of pairings, in percentage points more per hour, that end as pairing_error instead of paired',
  }),
  driftClock: setting('driftClock', {
    parse: number(1, 3_600),
    default: 1,
    unit: 'factor',
    meaning: 'how many minutes pass in a minute, for the settings of this group alone',
  }),
};
