import { draw } from '../contract/draw.ts';
import type { SimulatorStep } from './call.ts';
import type { SimulatorSettings } from './settings.ts';

const HOUR_MS = 3_600_000;
/** Length of the hourly job, as a share of the hour. */
const JOB = 1 / 6;
/** Initial memory of a deployment, and the amplitude of its garbage-collection sawtooth. [choice] */
const MEMORY_BYTES = 2 ** 30;
const SAW = 0.3;
/** Period of the sawtooth, in milliseconds of the deployment's time. */
const TOOTH_MS = 4 * 60_000;

/** Models a deployment that changes over hours. `now`: the simulator's clock, in milliseconds. */
export class Ageing {
  readonly #settings: SimulatorSettings;
  readonly #now: () => number;
  readonly #startedAt: number;
  #pairings = 0;

  constructor(settings: SimulatorSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
    this.#startedAt = now();
  }

  /** Hours since the start, on the drift clock. */
  #hours(): number {
    return ((this.#now() - this.#startedAt) * this.#settings.driftClock) / HOUR_MS;
  }

  /** Current factor on the service time of a step. */
  slowdown(step: SimulatorStep): number {
    const { latencyDrift, latencyDriftStep, hourlyJob } = this.#settings;
    const hours = this.#hours();
    const drifts = latencyDriftStep === 'every' || latencyDriftStep === step;
    const job = hours % 1 < JOB ? 1 + hourlyJob / 100 : 1;
    return job * (drifts ? (1 + latencyDrift / 100) ** hours : 1);
  }

  /** Current resident memory: a leaking floor, plus garbage not yet collected. */
  memoryBytes(): number {
    const hours = this.#hours();
    const tooth = ((hours * HOUR_MS) % TOOTH_MS) / TOOTH_MS;
    return Math.round(MEMORY_BYTES * (1 + this.#settings.memoryLeak / 100) ** hours * (1 + SAW * tooth));
  }

  /** Whether the next pairing reports an error although the phone paired. */
  spoilsPairing(): boolean {
    const share = (this.#settings.pairingErrorCreep / 100) * this.#hours();
    return share > 0 && draw(this.#settings.seed, 'pairing-error-creep', this.#pairings++) < share;
  }
}
