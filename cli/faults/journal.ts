import { createHash, randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { DecodeError, listOf, oneOf, shape, text, whole } from '../../contract/decode.ts';
import type { Decoder } from '../../contract/decode.ts';

/** Name of the journal in the folder of a run. */
export const JOURNAL = 'faults.journal';

/**
 * What must be undone, as data. A results folder may come from anywhere, so nothing here is ever run: a command is
 * known by its salted hash only.
 */
export type Undo =
  | { readonly kind: 'simulator'; readonly name: string }
  | { readonly kind: 'toxic'; readonly api: string; readonly proxy: string; readonly toxic: string }
  | { readonly kind: 'disabled'; readonly api: string; readonly proxy: string }
  | { readonly kind: 'proxy'; readonly api: string; readonly proxy: string }
  | { readonly kind: 'hook'; readonly salt: string; readonly hash: string };

/** A fault that was noted and not undone. */
export interface OpenFault {
  readonly id: number;
  readonly fault: string;
  readonly undo: Undo;
}

/** Who wrote a journal, and against which target. */
export interface JournalHead {
  readonly journal: 'pairstorm-faults';
  readonly version: 1;
  readonly host: string;
  /** The run and its watcher. */
  readonly pids: readonly number[];
  /** Origin of the target, past any proxy. */
  readonly target: string;
}

export interface Journal {
  readonly head: JournalHead;
  readonly open: readonly OpenFault[];
  /** Lines that are not entries. */
  readonly strange: number;
}

/** Who undid a fault. */
export type UndoneBy = 'run' | 'watcher' | 'next' | 'hand';

/** Toxics and proxies are ours by this prefix; no others are removed by a journal. */
export const OURS = 'pairstorm-';

const LARGEST = 1_000_000;
const MOST_LINES = 1_000;

const matching =
  (form: RegExp, words: string): Decoder<string> =>
  (value, place) => {
    const read = text(value, place);
    if (form.test(read)) return read;
    throw new DecodeError(`${place} is not ${words}`);
  };

const name = matching(/^[a-z0-9][a-z0-9-]{0,39}$/, 'the name of a fault');
const api = matching(/^https?:\/\/[^/\s?#@]+$/, 'an origin');
const proxy = matching(/^[^\p{C}/]{1,100}$/u, 'the name of a proxy');
const ours = matching(/^pairstorm-[a-z0-9-]{1,60}$/, 'a name of ours');
const hex = matching(/^[0-9a-f]{32,64}$/, 'a hash');

const UNDO: { readonly [K in Undo['kind']]: Decoder<Extract<Undo, { kind: K }>> } = {
  simulator: shape({ kind: oneOf('simulator'), name }),
  toxic: shape({ kind: oneOf('toxic'), api, proxy, toxic: ours }),
  disabled: shape({ kind: oneOf('disabled'), api, proxy }),
  proxy: shape({ kind: oneOf('proxy'), api, proxy: ours }),
  hook: shape({ kind: oneOf('hook'), salt: hex, hash: hex }),
};

const undo: Decoder<Undo> = (value, place) => {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  return UNDO[oneOf('simulator', 'toxic', 'disabled', 'proxy', 'hook')(kind, `${place}.kind`)](value, place);
};

const HEAD = shape<JournalHead>({
  journal: oneOf('pairstorm-faults'),
  version: oneOf(1),
  host: text,
  pids: listOf(whole(1)),
  target: text,
});
const OPENED = shape<OpenFault>({ id: whole(0), fault: name, undo });
const UNDONE = shape<{ id: number; undone: UndoneBy }>({
  id: whole(0),
  undone: oneOf('run', 'watcher', 'next', 'hand'),
});

/** Starts a journal. Throws if the file is there or cannot be written. */
export function startJournal(file: string, pids: readonly number[], target: string): void {
  const head: JournalHead = { journal: 'pairstorm-faults', version: 1, host: hostname(), pids, target };
  append(file, head, constants.O_CREAT | constants.O_EXCL);
}

/** Notes a fault before it begins: on the disk when this returns. Throws if it cannot be noted. */
export function noteFault(file: string, fault: OpenFault): void {
  append(file, fault);
}

/** Notes that a fault was undone. */
export function noteUndone(file: string, { id }: Pick<OpenFault, 'id'>, by: UndoneBy): void {
  append(file, { id, undone: by });
}

/** Appends a line. Never through a link, which may lead anywhere. */
function append(file: string, line: object, flags = 0): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW | flags, 0o600);
  try {
    writeSync(descriptor, `${JSON.stringify(line)}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads a journal; undefined if there is none that can be read. Lines that are not entries are counted and ignored. */
export function readJournal(file: string): Journal | undefined {
  const content = contentOf(file);
  if (content === undefined) return undefined;
  const [first = '', ...rest] = content.split('\n');
  const head = decoded(HEAD, first);
  if (head === undefined) return undefined;
  const open = new Map<number, OpenFault>();
  let strange = 0;
  for (const line of rest.slice(0, MOST_LINES)) {
    if (line === '') continue;
    const opened = decoded(OPENED, line);
    const undone = decoded(UNDONE, line);
    if (opened !== undefined) open.set(opened.id, opened);
    else if (undone !== undefined) open.delete(undone.id);
    else strange++;
  }
  return { head, open: [...open.values()], strange };
}

function decoded<T>(decode: Decoder<T>, line: string): T | undefined {
  try {
    return decode(JSON.parse(line), 'line');
  } catch {
    return undefined;
  }
}

function contentOf(file: string): string | undefined {
  let descriptor: number | undefined;
  try {
    // A pipe without a writer would block.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (!fstatSync(descriptor).isFile()) return undefined;
    const bytes = Buffer.alloc(LARGEST);
    return bytes.toString('utf8', 0, readSync(descriptor, bytes, 0, LARGEST, 0));
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/**
 * Whether a process that wrote the journal is still there, on this machine. This one did not: where a container is
 * started again under its name, it has the number of the one before.
 */
export function isAlive({ host, pids }: Pick<JournalHead, 'host' | 'pids'>): boolean {
  return host === hostname() && pids.some((pid) => pid !== process.pid && isThere(pid) && !isZombie(pid));
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a process is dead and only waits for its parent, which in a container may never come. */
function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** A command as the journal knows it. */
export function hookOf(command: string): Extract<Undo, { kind: 'hook' }> {
  const salt = randomBytes(16).toString('hex');
  return { kind: 'hook', salt, hash: hashOf(salt, command) };
}

/** Whether a command is the one that was noted. */
export function isThatHook({ salt, hash }: Extract<Undo, { kind: 'hook' }>, command: string): boolean {
  return hashOf(salt, command) === hash;
}

function hashOf(salt: string, command: string): string {
  return createHash('sha256').update(`${salt}\n${command}`).digest('hex');
}
