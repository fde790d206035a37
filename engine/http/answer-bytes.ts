import type { Socket } from 'node:net';

/** Start of an answer: `HTTP/1.1 200`. */
const STATUS_LINE = /^HTTP\/1\.\d \d{3}/;
const STATUS_AT = 'HTTP/1.1 '.length;
const STATUS_END = STATUS_AT + 3;
/** undici rejects longer heads. */
const LONGEST_HEAD = 16 * 1024;
/** Headers that announce a body. */
const BODY_HEADERS = /\r\n(?=(?:content-length|transfer-encoding)[ \t]*:)/gi;

/**
 * Filters what undici reads from a socket, because it closes the connection at answers that HTTP allows: unsolicited
 * interim answers (RFC 9110, 15.2) are dropped, and the headers by which a 204 or 304 announces a body (RFC 9110, 8.6;
 * RFC 9112, 6.3) are hidden until undici has parsed it. Only the beginning of an answer is inspected.
 */
export class AnswerBytes {
  #expected = false;
  #held: Buffer | undefined;
  #hidden: { readonly bytes: Buffer; readonly at: number; readonly byte: number }[] = [];

  constructor(socket: Socket) {
    const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
    // `read(0)` asks Node to go on, and is for no bytes.
    socket.read = (size) => (size === 0 ? read(0) : this.#next(read));
  }

  /** To be called before a request is written. */
  expect(): void {
    this.#expected = true;
    this.#held = undefined;
  }

  /** Restores the hidden headers. */
  reveal(): void {
    if (this.#hidden.length === 0) return;
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

  /** The bytes that undici may read of an answer that begins with these; undefined: none yet. */
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

  /** Renames body headers. undici keeps views of these bytes, so restoring them restores its headers too. */
  #hideBody(bytes: Buffer, end: number): void {
    for (const { index } of bytes.toString('latin1', 0, Math.max(end, 0)).matchAll(BODY_HEADERS)) {
      const at = index + 2;
      this.#hidden.push({ bytes, at, byte: bytes[at]! });
      bytes[at] = 0x78;
    }
  }
}
