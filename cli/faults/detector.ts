import { DETECTED_METRIC } from '../../analysis/recovery/collect.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { NumberedInterval } from '../../contract/series-counts.ts';
import { Deadline } from '../../engine/deadline.ts';
import { reasonOf } from '../one-line.ts';
import { GaugeLines } from '../target-metrics/gauge-lines.ts';
import { endOfCommand } from './run-command.ts';
import { request } from 'undici';

const EVERY_MS = 1_000;
/** An answer that takes longer is none. */
const TIMEOUT_MS = 5_000;
/** From here on the shell says that there is no such command, or that it cannot be run: no answer either. */
const NOT_RUN = 126;
/** Series numbers of its own, beside those of the target's metrics. */
const FIRST_NUMBER = 2_000_000_000;

/** Asks every second whether somebody noticed a fault (`--detect`), and records the answers. */
export class Detector {
  readonly #asked: string;
  readonly #warn: (line: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #silent = false;

  constructor(asked: string, warn: (line: string) => void) {
    this.#asked = asked;
    this.#warn = warn;
  }

  /** Asks once before the load. Throws a ConfigurationError if there is no answer, or one that could show no fault. */
  async check(): Promise<void> {
    let yes: boolean;
    try {
      yes = await this.#ask();
    } catch (error) {
      throw new ConfigurationError(`--detect: ${reasonOf(error)}; write a URL or a command that answers`);
    }
    if (yes)
      throw new ConfigurationError(
        '--detect says yes before any fault (a 2xx or an exit code other than 0 is a no); check what it asks, or wait until it says no',
      );
  }

  start(startedAt: Date, intervalMs: number, record: (interval: NumberedInterval) => void): void {
    const lines = new GaugeLines(startedAt, intervalMs, FIRST_NUMBER);
    const look = async (): Promise<void> => {
      const at = Date.now();
      try {
        const yes = await this.#ask();
        this.#silent = false;
        if (this.#timer !== undefined)
          lines.lines([{ metric: DETECTED_METRIC, tags: {}, value: yes ? 1 : 0, at }]).forEach(record);
      } catch (error) {
        if (!this.#silent && this.#timer !== undefined)
          this.#warn(`--detect: ${reasonOf(error)}; a gap in its answers`);
        this.#silent = true;
      }
    };
    this.#timer = setInterval(() => void look(), EVERY_MS);
    void look();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Whether it was noticed. Rejects without an answer. */
  async #ask(): Promise<boolean> {
    if (!/^https?:\/\//.test(this.#asked)) {
      const { code, error } = await endOfCommand(this.#asked, TIMEOUT_MS);
      if (code === null || code >= NOT_RUN) throw new Error(error);
      return code === 0;
    }
    const deadline = new Deadline(TIMEOUT_MS);
    try {
      const { statusCode, body } = await request(this.#asked, { signal: deadline.signal });
      return isFiring(statusCode, await body.text());
    } finally {
      deadline.clear();
    }
  }
}

/** A list of alerts (Alertmanager, `/api/v2/alerts`) fires if it is not empty; a health check, if it is not 2xx. */
function isFiring(status: number, text: string): boolean {
  if (status < 200 || status >= 300) return true;
  try {
    const alerts: unknown = JSON.parse(text);
    return Array.isArray(alerts) && alerts.length > 0;
  } catch {
    return false;
  }
}
