import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { PartNumber } from '../part/part-flags.ts';
import { openStore } from './open-store.ts';
import type { Store } from './store.ts';

/** Files of a part beside its record: it has begun; it ended without a record. */
export const BEGUN = 'begun.json';
export const ENDED = 'ended.json';

/** Present where the record is whole: it comes last. */
export const WHOLE = 'run.json';

/** Files of a record, as far as others need them: what a script wrote beside them stays here. */
const RECORD = [
  ...['series.jsonl', 'failures.jsonl', 'summary.json', 'drift.json', 'resilience.json', 'result.json'],
  ...['report.html', 'report.md', 'junit.xml'],
  WHOLE,
];

/** A part that has begun. */
export interface Begun {
  readonly of: number;
  readonly instance: string;
  readonly begunAt: string;
  readonly startAt?: string;
}

/** The folder of a part in a store, `<testid>/<index>`. */
export interface PartPlace {
  /** Checks that the store can be used, and that the place is free. */
  readonly look: () => Promise<void>;
  /** Takes the place. Throws a ConfigurationError if somebody has it: a second run under this testid. */
  readonly begin: (begun: Begun) => Promise<void>;
  /** Copies a record, run.json last; returns where to. */
  readonly push: (folder: string) => Promise<string>;
  /** Notes that there will be no record. */
  readonly end: (why: { readonly exitCode: number; readonly reason: string }) => Promise<void>;
  readonly close: () => Promise<void>;
}

const TESTID = /^[A-Za-z0-9][\w.-]{0,99}$/;

/** Throws a ConfigurationError for a testid that cannot be a folder. */
export function checkTestid(testid: string): void {
  if (!TESTID.test(testid) || testid.includes('..'))
    throw new ConfigurationError(
      `testid ${JSON.stringify(testid)} cannot name a folder; write letters, digits, and . _ -, at most 100`,
    );
}

export function openPartPlace(place: string, testid: string, { index, of }: PartNumber): PartPlace {
  checkTestid(testid);
  const store: Store = openStore(place, '--push');
  const folder = `${testid}/${index}`;
  const taken = async (): Promise<ConfigurationError> => {
    const first = begunFrom(await store.readText(`${folder}/${BEGUN}`));
    const by = first === undefined ? '' : ` on ${first.instance} at ${first.begunAt}`;
    return new ConfigurationError(
      `--push ${store.place}: part ${index} of ${of} of testid ${testid} has begun there already${by}; give each run a testid of its own`,
    );
  };
  return {
    async look() {
      if ((await store.list(`${folder}/`)).length > 0) throw await taken();
    },
    async begin(begun) {
      if (!(await store.claim(`${folder}/${BEGUN}`, `${JSON.stringify(begun)}\n`))) throw await taken();
    },
    async push(from) {
      for (const file of RECORD)
        if (existsSync(join(from, file))) await store.putFile(`${folder}/${file}`, join(from, file));
      return `${store.place}/${folder}`;
    },
    async end(why) {
      await store.putText(`${folder}/${ENDED}`, `${JSON.stringify(why)}\n`);
    },
    close: () => store.close(),
  };
}

/** Reads what a part wrote when it began; undefined if that cannot be read. */
export function begunFrom(text: string | undefined): Begun | undefined {
  const value = objectFrom(text);
  const { of, instance, begunAt } = value;
  return typeof of === 'number' && typeof instance === 'string' && typeof begunAt === 'string'
    ? { of, instance, begunAt }
    : undefined;
}

/** An object of a file that anybody may have written. */
export function objectFrom(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
