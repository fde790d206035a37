import { crc32 } from 'node:zlib';

/**
 * Lines of series.jsonl as they stand in the file: each has its number (`n`, from 1; the head has none) and the CRC-32 of its bytes
 * up to there (`crc`). A number that is left out is a line that is missing, whether it was never written or taken away; a checksum
 * that does not fit is a line that was changed.
 *
 *     {"i":0,"counts":[[0,3,3]],"n":1,"crc":1234567890}
 */
export function checkedLine(line: string, number?: number): string {
  const body = `${line.slice(0, -1)}${number === undefined ? '' : `,"n":${number}`}`;
  return `${body},"crc":${crc32(body)}}`;
}

/** What a line says of itself. */
interface LineCheck {
  /** Undefined for the head. */
  readonly number: number | undefined;
  /** The checksum fits. */
  readonly whole: boolean;
}

const CHECK = /(?:,"n":(\d{1,15}))?,"crc":(\d{1,10})\}$/;
/** Longer than any of these. */
const TAIL = 60;

/** The check of a line; undefined: it has none. */
export function checkOf(line: string): LineCheck | undefined {
  const found = CHECK.exec(line.slice(-TAIL));
  if (found === null) return undefined;
  const [, number, crc] = found;
  const body = line.slice(0, line.lastIndexOf(',"crc":'));
  return { number: number === undefined ? undefined : Number(number), whole: crc32(body) === Number(crc) };
}
