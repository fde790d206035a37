import { ConfigurationError } from '../contract/configuration-error.ts';
import { describeFileError, markOf, otherThanFile } from './text-file.ts';
import { isUtf8 } from 'node:buffer';
import { createReadStream, statSync } from 'node:fs';
import { Readable, pipeline } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';

/** Bytes read at a time; V8 collects larger strings late, because it keeps them in the large-object space. */
const CHUNK = 64 * 1024;
/** Bounds the memory that a file without line breaks could ask for. */
export interface LineLimit {
  /** Longest line, in characters. */
  readonly longest: number;
  /** What the lines should be, for the message on a longer one. */
  readonly expected: string;
  /** `passed`: a line that is not UTF-8 is passed to the reader, which handles damage; otherwise it is refused. */
  readonly damage?: 'passed';
}

/** k6's lines have some hundred characters. */
const K6_LINES: LineLimit = { longest: 1_000_000, expected: "lines of k6's --out json" };

/** Consecutive lines of a file. */
interface LineChunk {
  readonly lines: readonly string[];
  /** Number of the first line, from 1. */
  readonly first: number;
  /** The last line has no line break: it may be truncated. */
  readonly open: boolean;
}

/**
 * The lines of a file (`-` is stdin), gunzipped if needed, in batches: yielding single lines would cost more than
 * reading them. A compressed file that ends early has a truncated last line. `tooLong` says what to do with a line
 * longer than any that we or k6 write. Throws a ConfigurationError that says why a file cannot be read.
 */
export async function* lineChunks(
  file: string,
  tooLong: 'refuse' | 'cut',
  limit = K6_LINES,
): AsyncGenerator<LineChunk> {
  const source = file === '-' ? process.stdin : fileStream(file);
  let decoder: TextOfBytes | undefined;
  let rest = '';
  let first = 1;
  let cut = false;
  try {
    for await (const bytes of decompressed(source)) {
      decoder ??= decoderFor(bytes, nameOf(file));
      const text = decoder.write(bytes);
      if (tooLong === 'refuse' && limit.damage === undefined && text.includes('\ufffd') && isDamaged(bytes, decoder)) {
        throw new ConfigurationError(
          `${nameOf(file)}: line ${first + lineOfFault(rest + text)} is not UTF-8; save the file as UTF-8`,
        );
      }
      // Only the new text is searched; otherwise a long line would be scanned again for each chunk.
      const end = text.lastIndexOf('\n');
      if (end >= 0) {
        const lines = (rest + text.slice(0, end)).split('\n');
        rest = text.slice(end + 1);
        yield { lines, first, open: false };
        first += lines.length;
      } else rest += text;
      if (rest.length > limit.longest) {
        rest = rest.slice(0, limit.longest);
        if (tooLong === 'cut') continue;
        throw new ConfigurationError(
          `${nameOf(file)}: line ${first} has more than ${limit.longest} characters; expected ${limit.expected}`,
        );
      }
    }
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    cut = code === 'Z_BUF_ERROR';
    if (!cut) throw new ConfigurationError(`${nameOf(file)} cannot be read: ${reasonOf(code, error)}`);
  }
  rest += decoder?.end() ?? '';
  if (rest !== '' || cut) yield { lines: [rest], first, open: true };
}

/** Name of a source in messages. */
export function nameOf(file: string): string {
  return file === '-' ? 'stdin' : file;
}

function reasonOf(code: string, error: unknown): string {
  return code.startsWith('Z_') ? 'its compressed data is corrupt' : describeFileError(error);
}

/** The bytes of a source, gunzipped if they start with gzip's magic number (RFC 1952, 2.3.1). */
async function* decompressed(source: Readable): AsyncGenerator<Buffer> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  const whole = (async function* () {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  })();
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip({ chunkSize: CHUNK });
  // An error in either stream destroys the other and is thrown by the loop.
  pipeline(Readable.from(whole), gunzip, () => undefined);
  yield* gunzip as AsyncIterable<Buffer>;
}

/** Opens a file. Throws a ConfigurationError for anything else, such as a pipe, which could block forever. */
function fileStream(file: string): Readable {
  const stats = statSync(file, { throwIfNoEntry: false });
  const other = stats === undefined ? undefined : otherThanFile(stats);
  if (other !== undefined) {
    const remedy = stats!.isFIFO() ? '; pipe it into stdin, named -' : '';
    throw new ConfigurationError(`${file} cannot be read: ${other}${remedy}`);
  }
  return createReadStream(file, { highWaterMark: CHUNK });
}

/** Decodes text from chunks of bytes. */
interface TextOfBytes {
  readonly write: (bytes: Buffer) => string;
  readonly end: () => string;
  readonly utf16: boolean;
}

/** Decodes by the byte order mark, which is dropped; UTF-8 without one. */
function decoderFor(head: Buffer, name: string): TextOfBytes {
  const mark = markOf(head);
  if (mark === 'UTF-32') throw new ConfigurationError(`${name} is UTF-32; save the file as UTF-8`);
  if (mark !== undefined) {
    const decoder = new TextDecoder(mark.toLowerCase());
    return { utf16: true, write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  }
  const decoder = new StringDecoder('utf8');
  let begun = false;
  return {
    utf16: false,
    write: (bytes) => {
      const text = decoder.write(bytes);
      if (begun || text === '') return text;
      begun = true;
      return text.startsWith('\ufeff') ? text.slice(1) : text;
    },
    end: () => decoder.end(),
  };
}

/** Whether bytes are invalid UTF-8, but for characters split at the ends of a chunk; U+FFFD itself may be valid. */
function isDamaged(bytes: Buffer, { utf16 }: TextOfBytes): boolean {
  if (utf16) return false;
  let from = 0;
  while (from < 3 && (bytes[from]! & 0xc0) === 0x80) from++;
  let to = bytes.length;
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      if (length > back) to -= back;
      break;
    }
  }
  return !isUtf8(bytes.subarray(from, to));
}

/** Line breaks before the first U+FFFD. */
function lineOfFault(text: string): number {
  return text.slice(0, text.indexOf('\ufffd')).split('\n').length - 1;
}
