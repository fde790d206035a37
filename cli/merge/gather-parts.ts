import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { printDuration } from '../../contract/duration.ts';
import { oneLine } from '../one-line.ts';
import { BEGUN, ENDED, WHOLE, begunFrom, checkTestid, objectFrom } from '../store/part-place.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';

/** Which records are waited for. */
interface Awaited {
  /** The store that the parts push to. */
  readonly place: string;
  readonly testid: string;
  readonly parts: number;
  readonly waitMs: number;
  readonly say: (line: string) => void;
}

const LOOK_EVERY_MS = 2_000;

/**
 * Waits until a store has the records of all parts of a run, and returns their folders on this machine. Throws a
 * ConfigurationError that names what is missing when the time is up, or when a part said that it has no record.
 */
export async function gatherParts({ place, testid, parts, waitMs, say }: Awaited): Promise<readonly string[]> {
  checkTestid(testid);
  const store = openStore(place, '--pull');
  try {
    const until = Date.now() + waitMs;
    let told = '';
    for (;;) {
      const { whole, others, hopeless } = await look(store, testid, parts);
      if (whole.length === parts) break;
      const lacking = `${whole.length} of ${parts} parts of testid ${testid} are in ${store.place}`;
      if (hopeless || Date.now() >= until) {
        const waited = waitMs > 0 && !hopeless ? ` after ${printDuration(waitMs)}` : '';
        throw new ConfigurationError(
          `${lacking}${waited}: ${await missingWords(store, testid, others)}; nothing is judged without all of them`,
        );
      }
      if (lacking !== told) say(`${lacking}; waiting for ${others.map(({ index }) => index).join(', ')}`);
      told = lacking;
      await delay(Math.min(LOOK_EVERY_MS, Math.max(0, until - Date.now())));
    }
    const into = mkdtempSync(join(tmpdir(), 'pairstorm-parts-'));
    process.once('exit', () => rmSync(into, { recursive: true, force: true }));
    const folders: string[] = [];
    for (let index = 0; index < parts; index++) folders.push(await store.fetch(`${testid}/${index}`, into));
    return folders;
  } finally {
    await store.close();
  }
}

/** A part without a whole record. */
interface Missing {
  readonly index: number;
  readonly begun: boolean;
  readonly ended: boolean;
}

interface Seen {
  readonly whole: readonly number[];
  readonly others: readonly Missing[];
  /** A part said that it has no record: waiting is of no use. */
  readonly hopeless: boolean;
}

async function look(store: Store, testid: string, parts: number): Promise<Seen> {
  const keys = new Set((await store.list(`${testid}/`)).map((key) => key.slice(testid.length + 1)));
  const foreign = [...keys].map((key) => /^(\d{1,4})\//.exec(key)?.[1]).find((index) => Number(index) >= parts);
  if (foreign !== undefined)
    throw new ConfigurationError(
      `${store.place} has part ${foreign} of testid ${testid}, so there are more than ${parts} parts; --parts is how many the run was cut into`,
    );
  const all = Array.from({ length: parts }, (_, index) => index);
  const has = (index: number, file: string): boolean => keys.has(`${index}/${file}`);
  const others = all
    .filter((index) => !has(index, WHOLE))
    .map((index) => ({ index, begun: has(index, BEGUN), ended: has(index, ENDED) }));
  return { whole: all.filter((index) => has(index, WHOLE)), others, hopeless: others.some(({ ended }) => ended) };
}

/** `part 3 began on pod-3 at … and left no record; part 5 never began`. */
async function missingWords(store: Store, testid: string, missing: readonly Missing[]): Promise<string> {
  const words = missing.map(async ({ index, begun, ended }) => {
    const textOf = (file: string): Promise<string | undefined> => store.readText(`${testid}/${index}/${file}`);
    if (ended) {
      const { reason } = objectFrom(await textOf(ENDED));
      return `part ${index} was not played: ${typeof reason === 'string' ? oneLine(reason) : 'it does not say why'}`;
    }
    const by = begun ? begunFrom(await textOf(BEGUN)) : undefined;
    if (by !== undefined) return `part ${index} began on ${by.instance} at ${by.begunAt} and left no record`;
    return `part ${index} never began`;
  });
  return (await Promise.all(words)).join('; ');
}
