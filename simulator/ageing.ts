import { draw } from '../contract/draw.ts';
import type { SimulatorStep } from './call.ts';
import type { SimulatorSettings } from './settings.ts';

const HOUR_MS = 3_600_000;
/** Length of the hourly job, as a share of the hour. */
const JOB = 1 / 6;
/** Memory of a deployment that has just started, and how high the saw of its garbage collection is. [choice] */
const MEMORY_BYTES = 2 ** 30;
const SAW = 0.3;
/** How long a tooth of the saw takes, in milliseconds of the deployment's time. */
const TOOTH_MS = 4 * 60_000;

/** A deployment that changes over the hours. `now`: the simulator's clock, in milliseconds. */
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

  /** Hours since the start, by the drift clock. */
  #hours(): number {
    return ((this.#now() - this.#startedAt) * this.#settings.driftClock) / HOUR_MS;
  }

  /** What the service time of a step is multiplied by now. */
  slowdown(step: SimulatorStep): number {
    const { latencyDrift, latencyDriftStep, hourlyJob } = this.#settings;
    const hours = this.#hours();
    const drifts = latencyDriftStep === 'every' || latencyDriftStep === step;
    const job = hours % 1 < JOB ? 1 + hourlyJob / 100 : 1;
    return job * (drifts ? (1 + latencyDrift / 100) ** hours : 1);
  }

  /** Resident memory now: a floor that leaks, and what garbage collection has not yet taken back. */
  memoryBytes(): number {
    const hours = this.#hours();
    const tooth = ((hours * HOUR_MS) % TOOTH_MS) / TOOTH_MS;
    return Math.round(MEMORY_BYTES * (1 + this.#settings.memoryLeak / 100) ** hours * (1 + SAW * tooth));
  }

  /** Whether the next pairing fails, although the phone paired. */
  spoilsPairing(): boolean {
    const share = (this.#settings.pairingErrorCreep / 100) * this.#hours();
    return share > 0 && draw(this.#settings.seed, 'pairing-error-creep', this.#pairings++) < share;
  }
}
