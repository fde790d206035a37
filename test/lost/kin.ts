import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** A process that another one started, as the system shows it to everybody (`ps`) and to its owner. */
export interface Kin {
  readonly pid: number;
  readonly args: string;
  readonly environment: string;
}

/** Looks at what a process starts, and what that starts, until it is told to stop; gives every one that was seen. */
export function watchKin(root: number): () => readonly Kin[] {
  const seen = new Map<string, Kin>();
  const look = (): void => {
    const parents = new Map(processes().map((pid) => [pid, parentOf(pid)]));
    for (const pid of parents.keys()) {
      if (pid === root || !descends(pid, root, parents)) continue;
      const kin = { pid, args: read(pid, 'cmdline'), environment: read(pid, 'environ') };
      // Between fork and exec a child still shows what its parent has.
      if (executable(pid) !== '' && kin.args !== '' && kin.args !== read(root, 'cmdline')) {
        seen.set(`${pid} ${kin.args}`, kin);
      }
    }
  };
  const timer = setInterval(look, 15);
  return () => {
    clearInterval(timer);
    return [...seen.values()];
  };
}

function processes(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function descends(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at = parents.get(pid) ?? 0; at > 1; at = parents.get(at) ?? 0) if (at === root) return true;
  return false;
}

function parentOf(pid: number): number {
  return Number(/\) \S (\d+)/.exec(read(pid, 'stat'))?.[1] ?? 0);
}

function executable(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return '';
  }
}

function read(pid: number, what: 'cmdline' | 'environ' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8');
  } catch {
    return '';
  }
}
