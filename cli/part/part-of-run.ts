import { setTimeout as delay } from 'node:timers/promises';
import { EXIT_CODES } from '../../catalogue/exit-codes.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { OptionLayer } from '../../engine/consolidate.ts';
import type { StopSignal } from '../../engine/stop-signal.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { ClockAhead, RunPart } from '../../record/run-part.ts';
import { thisMachine } from '../record/run-facts.ts';
import { noteUnwritten } from '../stdout.ts';
import type { PartPlace } from '../store/part-place.ts';
import { LATEST_MS, refuseLate } from './part-flags.ts';
import type { PartFlags } from './part-flags.ts';
import { aheadWords, clockAhead } from './target-clock.ts';
import type { ClockPlace } from './target-clock.ts';

/** Who plays the part. */
export interface PartGround {
  readonly layers: readonly OptionLayer[];
  /** Undefined where the target's clock is this machine's, or is not known. */
  readonly clock: ClockPlace | undefined;
  readonly dryRun: boolean;
  readonly quiet: boolean;
  readonly say: (line: string) => void;
}

/** How a part ended. */
interface PlayedPart {
  readonly exitCode: number;
  readonly result: { readonly reason?: string };
  /** Undefined where it did not start. */
  readonly run: RunFile | undefined;
}

const POLL_MS = 100;
/** The clock is read until shortly before the start. */
const QUIET_BEFORE_MS = 250;

/** A run, or a part of one, that starts at a given time, leaves its record in a store, and has some exit codes left to a merge. */
export class PartOfRun {
  readonly #flags: PartFlags;
  readonly #ground: PartGround;
  readonly #place: PartPlace | undefined;
  #clockAtStart: ClockAhead | null = null;
  #clockAtEnd: ClockAhead | null = null;

  private constructor(flags: PartFlags, ground: PartGround, place: PartPlace | undefined) {
    this.#flags = flags;
    this.#ground = ground;
    this.#place = place;
  }

  /** Takes its place in the store, before anything is played. Throws a ConfigurationError. */
  static async join(flags: PartFlags, ground: PartGround): Promise<PartOfRun> {
    const { part, push, startAt } = flags;
    if (push === undefined) return new PartOfRun(flags, ground, undefined);
    if (part === undefined)
      throw new ConfigurationError('--push needs --part, by which merge finds the record; of a single one: --part 0/1');
    const tags = ground.layers.findLast(({ values }) => values['tags'] !== undefined)?.values['tags'];
    const testid = (tags as Readonly<Record<string, unknown>> | undefined)?.['testid'];
    if (typeof testid !== 'string')
      throw new ConfigurationError('--push needs --tag testid=ID, the same for all parts of the run and for no other');
    // Loaded only if it is needed.
    const { openPartPlace } = await import('../store/part-place.ts');
    const place = openPartPlace(push, testid, part);
    const begun = { of: part.of, instance: thisMachine().instance, begunAt: new Date().toISOString() };
    if (ground.dryRun) await place.look();
    else
      await place.begin({ ...begun, ...(startAt === undefined ? {} : { startAt: new Date(startAt).toISOString() }) });
    return new PartOfRun(flags, ground, place);
  }

  /** For run.json; undefined: the whole. */
  get facts(): RunPart | undefined {
    const { part, startAt } = this.#flags;
    if (part === undefined) return undefined;
    return {
      ...part,
      ...(startAt === undefined ? {} : { startAt: new Date(startAt).toISOString() }),
      clockAtStart: this.#clockAtStart,
      clockAtEnd: this.#clockAtEnd,
    };
  }

  /** What the engine waits for when all is prepared; undefined: it starts at once. */
  barrier(stop: Pick<StopSignal, 'level'>): (() => Promise<number>) | undefined {
    const { startAt } = this.#flags;
    if (startAt === undefined) return undefined;
    const { clock, quiet, say } = this.#ground;
    return async () => {
      refuseLate(startAt, Date.now());
      const left = startAt - Date.now();
      if (!quiet) say(`prepared; starts at ${new Date(startAt).toISOString()}, in ${(left / 1_000).toFixed(1)} s`);
      if (clock !== undefined) {
        this.#clockAtStart = (await clockAhead(clock, startAt - QUIET_BEFORE_MS)) ?? null;
        this.#tellClock();
      }
      while (stop.level === 'none' && Date.now() < startAt)
        await delay(Math.min(POLL_MS, Math.max(1, startAt - Date.now())));
      refuseLate(startAt, Date.now());
      return stop.level === 'none' ? startAt : Date.now();
    };
  }

  /** Reads the clock once more, at the end of the load. */
  async ended(): Promise<RunPart | undefined> {
    const { clock } = this.#ground;
    if (clock !== undefined && this.#flags.startAt !== undefined && this.#flags.part !== undefined)
      this.#clockAtEnd = (await clockAhead(clock)) ?? null;
    return this.facts;
  }

  /** Leaves the record, or why there is none, in the store. Returns the exit code of the command. */
  async leave({ exitCode, result, run }: PlayedPart, folder: string): Promise<number> {
    const whole = run !== undefined && run.end !== null && exitCode === run.end.exitCode;
    const { say, dryRun } = this.#ground;
    if (this.#place !== undefined && !dryRun) {
      try {
        if (whole) say(`pushed → ${await this.#place.push(folder)}`);
        else await this.#place.end({ exitCode, reason: result.reason ?? 'the run could not start' });
      } catch (error) {
        noteUnwritten(`--push: the record, which is in ${folder},`, (error as Error).message);
      }
    }
    await this.#place?.close();
    if (!whole || this.#flags.exitZeroOn?.includes(exitCode) !== true) return exitCode;
    say(`exit code 0 instead of ${exitCode} (--exit-zero-on): merge judges the whole`);
    return 0;
  }

  /** Says in the store that nothing was played, and why. */
  async giveUp(error: unknown): Promise<void> {
    const reason = error instanceof Error ? error.message : String(error);
    // The error itself is told.
    if (!this.#ground.dryRun)
      await this.#place?.end({ exitCode: EXIT_CODES.invalid_configuration.code, reason }).catch(() => undefined);
    await this.#place?.close();
  }

  #tellClock(): void {
    const { quiet, say } = this.#ground;
    const ahead = this.#clockAtStart;
    if (ahead === null) {
      if (!quiet) say("clock      not compared: the target's answers have no Date header, or came too late");
    } else if (ahead.fromMs > LATEST_MS || ahead.toMs < -LATEST_MS)
      say(
        `warning: the clock of this machine is ${aheadWords(ahead)}: parts on machines with other clocks start at other moments; synchronise it (NTP)`,
      );
    else if (!quiet) say(`clock      ${aheadWords(ahead)}`);
  }
}
