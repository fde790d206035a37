import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What to run. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Folder to run it in; ours if not given. */
  readonly cwd?: string;
}

/** The cost of a run. */
export interface Cost {
  /** User and system time of the process and all its children. */
  readonly cpuSeconds: number;
  /** Peak resident memory in bytes, summed over the process and its children; null without /proc. */
  readonly peakRss: number | null;
}

const LONGEST_MS = 120_000;
const LOOK_EVERY_MS = 100;

/** CPU time of all awaited children, from the second line of bash's `times`: "0m1.234s 0m0.056s". */
function childSeconds(times: string): number {
  const [, user, system] = /\n(\S+) (\S+)\s*$/.exec(times) ?? [];
  const seconds = (text: string | undefined): number => {
    const [, minutes, rest] = /^(\d+)m([\d.,]+)s$/.exec(text ?? '') ?? [];
    if (rest === undefined) throw new Error(`bash's times said ${JSON.stringify(times)}`);
    return Number(minutes) * 60 + Number(rest.replace(',', '.'));
  };
  return seconds(user) + seconds(system);
}

/** Peak resident memory so far of a process's running descendants, in bytes. */
function peakBelow(pid: number): number {
  let sum = 0;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  for (const child of children === '' ? [] : children.split(' ')) {
    try {
      const [, kib] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child}/status`, 'utf8')) ?? [];
      sum += Number(kib ?? 0) * 1024 + peakBelow(Number(child));
    } catch {
      // It ended while we looked.
    }
  }
  return sum;
}

/**
 * Runs a program to its end; kills it after two minutes. Rejects if its exit code is not 0, with the last lines of its
 * output.
 */
export async function measured({ file, args, env, cwd }: Command): Promise<Cost> {
  const shell = spawn('bash', ['-c', '"$@" >&2; code=$?; times; exit $code', 'bash', file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    cwd,
    // Its own process group, so that all of it can be killed.
    detached: true,
  });
  const kill = (): void => {
    try {
      process.kill(-shell.pid!, 'SIGKILL');
    } catch {
      // It has ended.
    }
  };
  process.once('exit', kill);
  const timer = setTimeout(kill, LONGEST_MS);
  let peakRss: number | null = null;
  const look = setInterval(() => {
    try {
      peakRss = Math.max(peakRss ?? 0, peakBelow(shell.pid!));
    } catch {
      // No /proc, or it has ended.
    }
  }, LOOK_EVERY_MS);
  let said = '';
  let times = '';
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_000)));
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (times += text));
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      shell.once('error', reject);
      shell.once('close', resolve);
    });
    if (code !== 0) throw new Error(`${file} ended with ${code ?? 'a signal'}: ${said.trim()}`);
    return { cpuSeconds: childSeconds(times), peakRss };
  } finally {
    clearTimeout(timer);
    clearInterval(look);
    process.removeListener('exit', kill);
  }
}
