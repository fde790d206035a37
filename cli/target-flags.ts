import type { Command } from 'commander';
import { collected, resultsPlace, wholeNumber } from './flag-values.ts';

/** Flags of all commands that play runs: what is played, against what, by how many threads, and where it is written. */
export function addTargetFlags(command: Command): Command {
  return command
    .option('-e, --env <name=value>', 'a setting; repeatable; takes precedence over the environment', collected)
    .option('--simulator-option <key=value>', 'a flag of "pairstorm simulate"; repeatable', collected)
    .option('--results <dir>', 'folder that each run makes its own folder in', resultsPlace, 'results')
    .option(
      '--workers <n>',
      'worker threads that run the VUs; 0: all in the main thread (default: number of cores minus one)',
      wholeNumber(0, 256),
    )
    .option(
      '--shared-connections [n]',
      'one connection pool for all VUs, up to n connections per origin (default: one pool per VU; without n: no limit)',
      wholeNumber(1, 1_000_000, '; put the script name before this flag'),
    )
    .option(
      '--max-body-memory <MiB>',
      'memory for response bodies in flight, over all VUs (default: 256; a single response: up to 64)',
      wholeNumber(1, 1_000_000),
    );
}
