import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { ConfigurationError } from '../../contract/configuration-error.ts';

/** Flags of the live page. */
export interface LiveFlags {
  /** Port; 0 takes a free one. Absent: no live page. */
  readonly live?: number;
  readonly liveHost?: string;
  readonly liveControl?: true;
}

export function addLiveFlags(command: Command): void {
  command
    .option('--live [port]', 'a page that shows the run, on a free port of this machine; or --live=PORT', port)
    .option(
      '--live-host <address>',
      'address for the live page, such as 0.0.0.0; others than this machine need its token',
    )
    .option('--live-control', 'the live page may stop the run gracefully');
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535)
    throw new InvalidArgumentError('Write --live, or --live=8080 with a port.');
  return value;
}

/** Throws a ConfigurationError for flags that cannot apply. */
export function checkLiveFlags({ live, liveHost, liveControl, dryRun }: LiveFlags & { readonly dryRun?: true }): void {
  const lonely = liveHost !== undefined ? '--live-host' : '--live-control';
  if (live === undefined && (liveHost !== undefined || liveControl === true))
    throw new ConfigurationError(`${lonely} has no effect without --live; add it, or leave ${lonely} out`);
  if (live !== undefined && dryRun === true)
    throw new ConfigurationError(
      '--live cannot be combined with --dry-run, which makes no load; leave one of them out',
    );
}
