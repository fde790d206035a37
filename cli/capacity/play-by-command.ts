import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PlannedLevel, SearchSettings } from '../../analysis/capacity/search-level.ts';
import { silentLevel } from '../../analysis/capacity/level-watch.ts';
import { EXIT_CODES } from '../../catalogue/exit-codes.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { hash32 } from '../../contract/draw.ts';
import type { NumberedInterval } from '../../contract/series-counts.ts';
import { StopSignal } from '../../engine/stop-signal.ts';
import { oneLine } from '../one-line.ts';
import type { TargetMetrics } from '../target-metrics/target-metrics.ts';
import { levelRow } from './play-level.ts';
import type { LevelGround, LevelPlayed } from './play-level.ts';
import { levelName } from './levels.ts';
import { importLevel, levelEnvironment, recordedLevel, wholeLevel } from './recorded-level.ts';

/** How much of a command's stderr is kept. */
const STDERR_LIMIT = 2_000;

/** Values that a shell takes as they are. */
const PLAIN = /^[\w@%+=:,./{}-]*$/;

/**
 * Plays one level by a command of the user (`--with`), such as `k6 run --out json=$SAMPLES $ENV dist/load.js`, and judges
 * what it wrote. The command has the level's settings in its environment, too, and ours: it is the load generator, and
 * needs the secrets that we would.
 */
export async function playByCommand(
  ground: LevelGround,
  command: string,
  asked: PlannedLevel,
  settings: SearchSettings,
  place: { readonly number: number; readonly userOffset: number; readonly firstMedianMs: number },
): Promise<LevelPlayed> {
  const { folder, flags, allow429 } = ground;
  const planned = wholeLevel(asked);
  const name = levelName(place.number, planned.rate);
  const samples = join(folder, 'levels', `${name}.json.gz`);
  mkdirSync(join(folder, 'levels'), { recursive: true });
  rmSync(join(folder, 'levels', name), { recursive: true, force: true });
  const seed = hash32(ground.seed, 'level', place.number);
  const level = { ...changed(ground.setup.env), ...levelEnvironment(planned, settings, { ...place, seed }) };
  const stop = new StopSignal();
  ground.begins(stop);
  const begun = performance.now();
  const beside = recordBeside(ground.targetMetrics?.());
  const { code, said } = await ended(command, { ...level, SAMPLES: samples, ENV: words(level) }, stop);
  beside.stop();
  const nothing = (reason: string, exitCode: number): LevelPlayed => {
    const seconds = (performance.now() - begun) / 1_000;
    const cut = silentLevel(planned, { seconds, end: 'cut' }, settings);
    const facts = { folder: '', why: reason, userOffset: place.userOffset, users: 0 };
    return {
      level: cut,
      row: levelRow(cut, planned, undefined, facts),
      stopped: stop.interrupted ? undefined : { reason, exitCode },
    };
  };
  if (stop.interrupted) return nothing('stopped', EXIT_CODES.interrupted.code);
  if (!existsSync(samples))
    return nothing(
      `--with: the command ended with ${code === null ? 'a signal' : `exit code ${code}`} and wrote no $SAMPLES ${oneLine(said)}`.trim(),
      EXIT_CODES.invalid_configuration.code,
    );
  try {
    const asRun = { k6Exit: code ?? undefined, allowInvalid: flags.allowInvalid === true };
    await importLevel(folder, name, samples, asRun, beside.since);
    // The record has all of it, in a hundredth of the room.
    rmSync(samples);
    return await recordedLevel(folder, planned, settings, { ...place, allow429 });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return nothing(`--with: ${error.message}`, EXIT_CODES.invalid_configuration.code);
  }
}

/** Records the target's own metrics while a command plays; `since` gives them by the intervals of a record that begins later. */
function recordBeside(metrics: TargetMetrics | undefined): {
  readonly stop: () => void;
  readonly since: (startedAt: Date) => readonly NumberedInterval[];
} {
  const begun = new Date();
  const heard: NumberedInterval[] = [];
  metrics?.start(begun, 1_000, (interval) => heard.push(interval));
  return {
    stop: () => metrics?.stop(),
    since: (startedAt) => {
      const later = Math.round((startedAt.getTime() - begun.getTime()) / 1_000);
      // What was told before the first sample is kept for its names.
      return heard.map((interval) => ({ ...interval, index: Math.max(0, interval.index - later) }));
    },
  };
}

/** After a level that did not hold: nothing is asked of the target for a while; when it had recovered is not known. */
export async function rest({ leastSeconds }: { readonly leastSeconds: number }): Promise<null> {
  await delay(leastSeconds * 1_000);
  return null;
}

/** Settings that our own environment does not have, or not so: flags, and what leads to a simulator. */
const changed = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name, value]) => process.env[name] !== value));

/** Settings as k6's flags. Throws a ConfigurationError for one that a shell would take apart. */
function words(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => {
      if (!PLAIN.test(value))
        throw new ConfigurationError(
          `-e ${name}: $ENV of --with cannot hold this value; set ${name} in the environment`,
        );
      return `-e ${name}=${value}`;
    })
    .join(' ');
}

/** Runs the command in a shell, in a group of its own: signals that stop the search are passed on to all of it. */
function ended(
  command: string,
  env: Readonly<Record<string, string>>,
  stop: StopSignal,
): Promise<{ readonly code: number | null; readonly said: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, {
      ...{ shell: true, detached: true, env: { ...process.env, ...env } },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-STDERR_LIMIT)));
    stop.listen((level) => {
      try {
        process.kill(-child.pid!, level === 'graceful' ? 'SIGINT' : 'SIGKILL');
      } catch {
        // It has just ended.
      }
    });
    child.once('error', (error) => resolve({ code: null, said: error.message }));
    child.once('close', (code) => resolve({ code, said }));
  });
}
