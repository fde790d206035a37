import { met } from '../../analysis/capacity/evidence.ts';
import { planOf, sentencesOf, shows } from '../../analysis/capacity/answer.ts';
import type { CapacityAnswer } from '../../analysis/capacity/answer.ts';
import type { PlayedLevel, SearchSettings } from '../../analysis/capacity/search-level.ts';
import { modelsOf } from '../../analysis/capacity/models.ts';
import { answerSoFar, fittedCurves, nextLevel } from '../../analysis/capacity/search.ts';
import { EXIT_CODES } from '../../catalogue/exit-codes.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { identityOf } from '../../contract/inventory.ts';
import { maskUrl } from '../../contract/shown-text.ts';
import type { StopSignal } from '../../engine/stop-signal.ts';
import { ANSWER_VERSION } from '../../report/capacity/answer-file.ts';
import type { AnswerFile, AnswerLevel } from '../../report/capacity/answer-file.ts';
import { allowedSentence, levelLine } from '../../report/capacity/text.ts';
import { VERSION } from '../package.ts';
import { givenIn } from '../script-environment.ts';
import { onSignals } from '../stop-on-signals.ts';
import { APART, firstMedian, nextUser } from './levels.ts';
import { coolDown, playLevel } from './play-level.ts';
import { playByCommand, rest } from './play-by-command.ts';
import type { LevelGround } from './play-level.ts';

/** A search, and what was played of it before. */
export interface SearchPlan {
  readonly settings: SearchSettings;
  readonly atLeast: number | null;
  /** Nodes of the deployment; undefined: nobody said. */
  readonly nodes: number | undefined;
  /** What answer.json keeps of how the search was asked for. */
  readonly asked: AnswerFile['search'];
  readonly startedAt: string;
  readonly rows: readonly AnswerLevel[];
  /** First user to be played. */
  readonly firstUser: number;
  /** Command that plays a level; undefined: we do. */
  readonly command: string | undefined;
  readonly cool: { readonly leastSeconds: number; readonly mostSeconds: number };
}

/** Flows wait half a cell of drawn starts before their first request, in the mean: those people are not there yet. */
const SPREAD_SECONDS = 0.5;

/**
 * Plays levels until the search has its answer, or is stopped: then the levels so far are the answer. `keep` is given the answer as it
 * stands after each level.
 */
export async function runSearch(
  ground: Omit<LevelGround, 'begins'>,
  plan: SearchPlan,
  keep: (answer: AnswerFile) => void,
): Promise<AnswerFile> {
  const { settings, cool, command } = plan;
  const { terminal } = ground;
  const rows = [...plan.rows];
  const levels: PlayedLevel[] = [...plan.rows];
  const listening = listen(terminal.line);
  const playing: LevelGround = { ...ground, begins: listening.begins };
  let userOffset = nextUser(plan.rows, plan.firstUser);
  let exitCode: number | undefined;
  const told = (answer: CapacityAnswer): AnswerFile => answerFile(ground, plan, rows, levels, answer, exitCode);
  const stopped = (reason: string): AnswerFile => told(answerSoFar(levels, settings, reason));
  try {
    for (;;) {
      const step = nextLevel(levels, settings);
      if ('answer' in step) return told(step.answer);
      if (listening.interrupted()) return stopped('interrupted');
      const missing = usersMissing(ground, step.level.rate, settings, userOffset);
      if (missing > 0) {
        const why = `INVENTORY has ${ground.setup.inventory!.users.length} users, each played once; the next level needs ${missing} more`;
        if (levels.length === 0) throw new ConfigurationError(why);
        return stopped(why);
      }
      const number = rows.length + 1;
      const firstMedianMs = firstMedian(levels);
      terminal.line(`level ${number}: ${step.level.rate} flow starts/s …`);
      const place = { number, userOffset, firstMedianMs };
      const played =
        command === undefined
          ? await playLevel(playing, step.level, settings, place)
          : await playByCommand(playing, command, step.level, settings, place);
      userOffset += played.row.users + APART;
      const cooling = performance.now();
      let { level } = played;
      let recoveredSeconds: number | null = null;
      if (level.end === 'observed' && !listening.interrupted()) {
        const next = nextLevel([...levels, level], settings);
        if (met(level, settings)) recoveredSeconds = 0;
        // Whether the target recovers by itself shows only where it is not left alone first.
        else if ('level' in next && next.level.purpose === 'hysteresis') recoveredSeconds = null;
        else if (command !== undefined) recoveredSeconds = await rest(cool);
        else {
          const patience = { ...cool, mostSeconds: cool.mostSeconds * step.level.patience };
          const median = levels.length === 0 ? (level.medianMs ?? Infinity) : firstMedianMs;
          const cooled = await coolDown(playing, { number, userOffset, firstMedianMs: median }, patience);
          userOffset += cooled.started + APART;
          ({ recoveredSeconds } = cooled);
        }
      }
      level = { ...level, seconds: level.seconds + (performance.now() - cooling) / 1_000, recoveredSeconds };
      levels.push(level);
      rows.push({ ...played.row, seconds: level.seconds, recoveredSeconds });
      terminal.line(levelLine(rows.at(-1)!, number, settings.terms));
      if (played.stopped !== undefined) {
        ({ exitCode } = played.stopped);
        if (levels.every(({ end }) => end === 'cut')) throw new SearchFailed(played.stopped.reason, exitCode);
        return stopped(played.stopped.reason);
      }
      keep(stopped('not finished'));
    }
  } catch (error) {
    // Such as a full disk, on which the next level has no folder.
    if (!(error instanceof ConfigurationError) || levels.every(({ end }) => end === 'cut')) throw error;
    return stopped(error.message);
  } finally {
    listening.end();
  }
}

/** Not even the first level could be played. */
export class SearchFailed extends Error {
  readonly exitCode: number;
  constructor(reason: string, exitCode: number) {
    super(reason);
    this.exitCode = exitCode;
  }
}

/** Users that a level lacks where each may be played once. */
function usersMissing(
  { setup }: Omit<LevelGround, 'begins'>,
  rate: number,
  { warmUpSeconds, levelSeconds }: SearchSettings,
  userOffset: number,
): number {
  const { settings, inventory } = setup;
  if (settings?.usersExhausted !== 'stop' || inventory === undefined) return 0;
  const starts = rate * (warmUpSeconds + levelSeconds + 1);
  return Math.max(0, Math.ceil(userOffset + starts + 4 * Math.sqrt(starts)) - inventory.users.length);
}

/** Signals, between runs too: the first lets flows finish, a second stops at once, and the levels so far are the answer. */
function listen(say: (line: string) => void): {
  readonly begins: (stop: StopSignal) => void;
  readonly interrupted: () => boolean;
  readonly end: () => void;
} {
  let current: StopSignal | undefined;
  let interrupted = false;
  let hard = false;
  const end = onSignals({
    graceful: () => {
      interrupted = true;
      say('stopping: open flows finish, then the levels so far are the answer … press Ctrl-C again to stop now');
      current?.graceful();
    },
    hard: () => {
      hard = true;
      current?.hard();
    },
  });
  return {
    begins: (stop) => {
      current = stop;
      // Told before there was a run to tell.
      if (interrupted) stop.graceful();
      if (hard) stop.hard();
    },
    interrupted: () => interrupted,
    end,
  };
}

/** answer.json. */
export function answerFile(
  { setup }: Pick<LevelGround, 'setup'>,
  { settings, atLeast, nodes, asked, startedAt }: SearchPlan,
  rows: readonly AnswerLevel[],
  levels: readonly PlayedLevel[],
  answer: CapacityAnswer,
  exitCode: number | undefined,
): AnswerFile {
  const figures = plannerFigures(rows, setup.settings?.arrivals === 'even' ? 0 : SPREAD_SECONDS);
  const promise = planOf(answer, figures);
  const allowed = allowedSentence(rows);
  const { models, sentences } = modelsOf(rows, answer, asked.targetCores ?? null);
  const { pairingShare } = figures;
  const perHour = (rate: number | null): number | null =>
    rate === null || pairingShare === null ? null : rate * 3_600 * pairingShare;
  return {
    ...{ answer: 'pairstorm-capacity', version: ANSWER_VERSION, pairstorm: VERSION, startedAt },
    ...answer,
    exitCode: exitCode ?? exitOf(answer, atLeast),
    atLeast,
    sentences: [
      ...sentencesOf(answer, figures),
      ...(allowed === '' ? [] : [allowed]),
      ...sentences,
      ...aboutIt(setup, settings, asked, rows),
    ],
    promise:
      promise === null
        ? null
        : { ...promise, pairingsPerHourLow: perHour(answer.low), pairingsPerHourHigh: perHour(answer.high) },
    curves: fittedCurves(levels, settings),
    models,
    objective: settings.terms,
    target: maskUrl(givenIn(setup.env, 'PF_BASE_URL') ?? ''),
    simulated: setup.simulated,
    ...(nodes === undefined ? {} : { nodes }),
    ...(setup.settings === undefined ? {} : { timeScale: setup.settings.timeScale }),
    inventory: setup.inventory === undefined ? null : identityOf(setup.inventory),
    search: asked,
    levels: rows,
  };
}

/** What share of the flows pairs a device, and how long one takes: of levels that met the objective, else of all. */
function plannerFigures(
  rows: readonly AnswerLevel[],
  spread: number,
): {
  readonly pairingShare: number | null;
  readonly flowSeconds: number | null;
} {
  const known = rows.filter(({ figures }) => (figures?.ended ?? 0) > 0);
  const ended = known.reduce((sum, { figures }) => sum + figures!.ended, 0);
  const paired = known.reduce((sum, { figures }) => sum + figures!.paired, 0);
  const held = known.filter(({ verdict }) => verdict === 'held');
  const calm = held.length > 0 ? held : known;
  const flows = calm.reduce((sum, { figures }) => sum + figures!.ended, 0);
  const time = calm.reduce((sum, { figures }) => sum + figures!.ended * (figures!.flowSeconds ?? 0), 0);
  return {
    pairingShare: ended === 0 ? null : paired / ended,
    flowSeconds: flows === 0 ? null : Math.max(0, time / flows - spread),
  };
}

/** What the answer holds for, and what was not looked at. */
function aboutIt(
  { inventory, settings: run }: LevelGround['setup'],
  settings: SearchSettings,
  asked: AnswerFile['search'],
  rows: readonly AnswerLevel[],
): string[] {
  const { terms, warmUpSeconds, levelSeconds } = settings;
  const population = inventory?.population ?? '';
  const people =
    inventory === undefined
      ? ''
      : `; users of ${population === '' ? 'INVENTORY' : `the population “${population}”`}, seed ${inventory.seed}`;
  const starts =
    run?.arrivals === 'even'
      ? 'evenly spaced starts, which flatter a target'
      : 'starts of independent people (Poisson)';
  const recovery = rows.some(({ purpose, end }) => purpose === 'hysteresis' && end === 'observed')
    ? ''
    : 'whether the target recovers from an overload on its own, ';
  const scale =
    run === undefined || run.timeScale === 1
      ? ''
      : `; TIME_SCALE=${run.timeScale}, so people sign in faster than they do`;
  return [
    `Objective: ${terms.map(({ text }) => text).join(' and ')}.`,
    `Played with ${starts}${people}${scale}; levels of up to ${levelSeconds} s after a warm-up of at least ${warmUpSeconds} s, seed ${asked.seed}.`,
    `Not looked at: ${recovery}hours at this rate (soak), a burst (spike), failures (resilience), another mix of users.`,
  ];
}

/**
 * Exit code of an answer: 99 where no rate is known to hold, or a rate that was to be shown is not (undecided is not shown: no gate is
 * open by mistake); 120 where that is the load generator's doing; 105 where the search was stopped.
 */
function exitOf(answer: CapacityAnswer, atLeast: number | null): number {
  const shown = atLeast === null ? answer.low !== null : shows(answer, atLeast);
  if (answer.verdict === 'stopped') return EXIT_CODES.interrupted.code;
  if (shown) return EXIT_CODES.pass.code;
  return answer.verdict === 'generator' ? EXIT_CODES.invalid.code : EXIT_CODES.thresholds_failed.code;
}
