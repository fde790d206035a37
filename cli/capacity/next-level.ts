import { met } from '../../analysis/capacity/evidence.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { answerSoFar, nextLevel } from '../../analysis/capacity/search.ts';
import { hash32 } from '../../contract/draw.ts';
import type { AnswerFile, AnswerLevel } from '../../report/capacity/answer-file.ts';
import type { LevelGround } from './play-level.ts';
import { firstMedian, levelName, nextUser } from './levels.ts';
import { importLevel, levelEnvironment, recordedLevel, wholeLevel } from './recorded-level.ts';
import { answerFile } from './search-run.ts';
import type { SearchPlan } from './search-run.ts';

/** The level to be played next, as `--next` prints it. */
export interface NextLevel {
  readonly number: number;
  readonly rate: number;
  readonly purpose: string;
  /** Settings of `load`. */
  readonly env: Readonly<Record<string, string>>;
  readonly duration: string;
  /** Where its samples are looked for: k6's `--out json=`. */
  readonly samples: string;
  /** Or its run record. */
  readonly record: string;
  /** The target is left alone for so long before it. */
  readonly waitSeconds: number;
}

/**
 * What comes next in a search that somebody plays by hand, or in a pipeline: the levels of its folder that have a record
 * or samples are judged in their order, then the next one is told, or the answer.
 */
export async function nextByHand(
  {
    setup,
    folder,
    seed,
    allow429,
    allowInvalid,
  }: Pick<LevelGround, 'setup' | 'folder' | 'seed' | 'allow429'> & {
    readonly allowInvalid: boolean;
  },
  plan: SearchPlan,
): Promise<{ readonly answer: AnswerFile; readonly level: NextLevel | null }> {
  const { settings } = plan;
  const rows: AnswerLevel[] = [...plan.rows];
  for (;;) {
    const step = nextLevel(rows, settings);
    if ('answer' in step)
      return { answer: answerFile({ setup }, plan, rows, rows, step.answer, undefined), level: null };
    const planned = wholeLevel(step.level);
    const number = rows.length + 1;
    const name = levelName(number, planned.rate);
    const userOffset = nextUser(rows, plan.firstUser);
    const record = join(folder, 'levels', name);
    const samples = ['.json.gz', '.json'].map((end) => `${record}${end}`).find((file) => existsSync(file));
    if (!existsSync(record) && samples !== undefined)
      await importLevel(folder, name, samples, { k6Exit: undefined, allowInvalid });
    if (!existsSync(record)) {
      const env = levelEnvironment(planned, settings, { userOffset, seed: hash32(seed, 'level', number) });
      const last = rows.at(-1);
      // Whether the target recovers by itself shows only where it is not left alone first.
      const atOnce = last === undefined || planned.purpose === 'hysteresis' || met(last, settings);
      return {
        answer: answerFile({ setup }, plan, rows, rows, answerSoFar(rows, settings, 'not finished'), undefined),
        level: {
          ...{ number, rate: planned.rate, purpose: planned.purpose, env, duration: env['DURATION']! },
          ...{ samples: `${record}.json.gz`, record, waitSeconds: atOnce ? 0 : settings.coolSeconds },
        },
      };
    }
    const place = { number, userOffset, firstMedianMs: firstMedian(rows), allow429 };
    const { row } = await recordedLevel(folder, planned, settings, place);
    rows.push(row);
  }
}
