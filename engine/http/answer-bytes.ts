import type { Socket } from 'node:net';

/** The first bytes of an answer, up to its status: `HTTP/1.1 200`. */
const STATUS_LINE = /^HTTP\/1\.\d \d{3}/;
const STATUS_AT = 'HTTP/1.1 '.length;
const STATUS_END = STATUS_AT + 3;
/** A head that is longer is undici's to refuse. */
const LONGEST_HEAD = 16 * 1024;
/** What announces a body, where none can follow. */
const BODY_HEADERS = /\r\n(?=(?:content-length|transfer-encoding)[ \t]*:)/gi;

/**
 * Stands between a socket and undici, which closes the connection at an answer that HTTP allows: an interim one that nobody asked
 * for (RFC 9110, 15.2) is left out here, and a 204 or 304 hides the length of the body that it does not have (RFC 9110, 8.6; RFC 9112,
 * 6.3) until undici has read it. Only the beginning of an answer is looked at.
 */
export class AnswerBytes {
  #expected = false;
  #held: Buffer | undefined;
  #hidden: { readonly bytes: Buffer; readonly at: number; readonly byte: number }[] = [];

  constructor(socket: Socket) {
    const read = socket.read.bind(socket) as () => Buffer | null;
    socket.read = () => this.#next(read);
  }

  /** A request is about to be written. */
  expect(): void {
    this.#expected = true;
    this.#held = undefined;
  }

  /** Shows the headers again that undici was not to see. */
  reveal(): void {
    for (const { bytes, at, byte } of this.#hidden.splice(0)) bytes[at] = byte;
  }

  #next(read: () => Buffer | null): Buffer | null {
    for (;;) {
      const chunk = read();
      if (chunk === null || !this.#expected) return chunk;
      const bytes = this.#begun(this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]));
      if (bytes !== undefined) return bytes;
    }
  }

  /** What undici is to read of an answer that begins with these bytes; undefined: nothing yet. */
  #begun(bytes: Buffer): Buffer | undefined {
    this.#held = bytes;
    const line = bytes.toString('latin1', 0, STATUS_END);
    if (line.length < STATUS_END && STATUS_LINE.test(line + 'HTTP/1.1 200'.slice(line.length))) return undefined;
    const status = STATUS_LINE.test(line) ? Number(line.slice(STATUS_AT)) : 0;
    const interim = status < 200 && status >= 100 && status !== 101;
    if (interim || status === 204 || status === 304) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0 && bytes.length < LONGEST_HEAD) return undefined;
      if (interim && end >= 0) {
        const rest = bytes.subarray(end + 4);
        this.#held = undefined;
        return rest.length === 0 ? undefined : this.#begun(rest);
      }
      if (!interim) this.#hideBody(bytes, end);
    }
    this.#expected = false;
    this.#held = undefined;
    return bytes;
  }

  /** Undici keeps headers as views of what it was given, so that a byte put back is seen in them. */
  #hideBody(bytes: Buffer, end: number): void {
    for (const { index } of bytes.toString('latin1', 0, Math.max(end, 0)).matchAll(BODY_HEADERS)) {
      const at = index + 2;
      this.#hidden.push({ bytes, at, byte: bytes[at]! });
      bytes[at] = 0x78;
    }
  }
}
