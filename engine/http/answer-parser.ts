import { createRequire } from 'node:module';

/** What the parser tells of an answer, in this order. Of interim answers (1xx) before it only the start is told, too. */
export interface AnswerReader {
  /** Its first byte has come. Returns whether an answer is expected. */
  readonly onStart: () => boolean;
  /** `headers`: name, value, name, value, … Returns whether the answer has no body, whatever its headers say. */
  readonly onHead: (status: number, headers: readonly string[], statusText: string, keepAlive: boolean) => boolean;
  /** The bytes are only valid during the call. */
  readonly onBody: (bytes: Buffer) => void;
  readonly onEnd: () => void;
}

/** The parts of llhttp's WebAssembly that are used (https://github.com/nodejs/llhttp, `src/native/api.h`). */
interface Llhttp {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly malloc: (bytes: number) => number;
  readonly llhttp_alloc: (type: number) => number;
  readonly llhttp_free: (parser: number) => void;
  readonly llhttp_set_lenient_keep_alive: (parser: number, on: 0 | 1) => void;
  readonly llhttp_execute: (parser: number, at: number, length: number) => number;
  readonly llhttp_finish: (parser: number) => number;
}

/** The part of WebAssembly that is used; Node's types have none of it. */
interface Wasm {
  readonly Memory: new (size: { readonly initial: number }) => object;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Llhttp };
}

const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: Wasm }).WebAssembly;
// At the start of a process or thread, if there is no address space for the parser: it is made at the first connection,
// where every request would fail as if the target had answered something that is not HTTP.
Reflect.construct(Memory, [{ initial: 1 }]);

const RESPONSE = 2;
/** What a callback returns so that llhttp expects no body. */
const SKIP_BODY = 1;
/** What a callback returns to end the parsing with an error. */
const STOP = -1;
/** Limit of a head, in bytes of names and values. */
const LONGEST_HEAD = 16 * 1024;
/** Bytes parsed at once. */
const LONGEST_INPUT = 64 * 1024;

/** llhttp, once per thread, as undici ships it. */
let llhttp: Llhttp | undefined;
let input = 0;
let memory: Uint8Array | undefined;
/** The parser at work, its bytes, and those of the head as text. */
let current: AnswerParser | undefined;
let bytes: Buffer;
let text: string | undefined;

function enter(parser: AnswerParser): void {
  current = parser;
}

function textOf(at: number, length: number): string {
  text ??= bytes.toString('latin1', 0, LONGEST_HEAD * 2);
  const from = at - input;
  return from + length <= text.length ? text.slice(from, from + length) : bytes.toString('latin1', from, from + length);
}

/** Where the processor has no SIMD, the other of the two that undici has. */
function compiled(): object {
  const require = createRequire(import.meta.url);
  try {
    return new Module(require('undici/lib/llhttp/llhttp_simd-wasm.js') as Uint8Array);
  } catch {
    return new Module(require('undici/lib/llhttp/llhttp-wasm.js') as Uint8Array);
  }
}

function load(): Llhttp {
  const { exports } = new Instance(compiled(), {
    env: {
      wasm_on_url: () => 0,
      wasm_on_message_begin: () => current!.started(),
      wasm_on_status: (_parser: number, at: number, length: number) => current!.statusText(textOf(at, length)),
      wasm_on_header_field: (_parser: number, at: number, length: number) => current!.header(0, textOf(at, length)),
      wasm_on_header_value: (_parser: number, at: number, length: number) => current!.header(1, textOf(at, length)),
      wasm_on_headers_complete: (_parser: number, status: number, upgrade: number, keepAlive: number) =>
        current!.headEnded(status, upgrade === 1, keepAlive === 1),
      wasm_on_body: (_parser: number, at: number, length: number) =>
        current!.body(bytes.subarray(at - input, at - input + length)),
      wasm_on_message_complete: () => current!.ended(),
    },
  });
  input = exports.malloc(LONGEST_INPUT);
  return exports;
}

/** Why an answer cannot be read. */
export type ParseFault = 'not HTTP' | 'head too large';

/** Parses the answers of one connection, one after the other, by llhttp, Node's and undici's own parser. */
export class AnswerParser {
  readonly #reader: AnswerReader;
  readonly #parser: number;
  #statusText = '';
  #headers: string[] = [];
  #headBytes = 0;
  #interim = false;
  #freed = false;
  #fault: ParseFault | undefined;

  constructor(reader: AnswerReader) {
    llhttp ??= load();
    this.#reader = reader;
    this.#parser = llhttp.llhttp_alloc(RESPONSE);
    // What follows an interim answer that says `close`, or is of HTTP/1.0, is the answer. Closing is the reader's.
    llhttp.llhttp_set_lenient_keep_alive(this.#parser, 1);
  }

  /** Parses what has come; returns what is wrong with it, if anything. A reader may call `free` meanwhile. */
  parse(chunk: Buffer): ParseFault | undefined {
    for (let from = 0; from < chunk.length && !this.#gone(); from += LONGEST_INPUT) {
      const part = chunk.length <= LONGEST_INPUT ? chunk : chunk.subarray(from, from + LONGEST_INPUT);
      // Memory that has grown is another buffer.
      if (memory?.buffer !== llhttp!.memory.buffer) memory = new Uint8Array(llhttp!.memory.buffer);
      memory.set(part, input);
      enter(this);
      bytes = part;
      text = undefined;
      const failed = llhttp!.llhttp_execute(this.#parser, input, part.length) !== 0;
      current = undefined;
      if (this.#gone()) this.#release();
      else if (failed) return this.#fault ?? 'not HTTP';
    }
    return undefined;
  }

  /** To be called at the end of the connection, which completes an answer that has no other end. */
  finish(): void {
    enter(this);
    llhttp!.llhttp_finish(this.#parser);
    current = undefined;
    if (this.#gone()) this.#release();
  }

  /** Gives its memory back. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    if (current !== this) this.#release();
  }

  /** Whether a reader has called `free` meanwhile. */
  #gone(): boolean {
    return this.#freed;
  }

  #release(): void {
    llhttp!.llhttp_free(this.#parser);
  }

  #forgetHead(): void {
    if (this.#headers.length > 0) this.#headers = [];
    this.#statusText = '';
    this.#headBytes = 0;
  }

  /** Called by llhttp, as those below. */
  started(): number {
    return this.#reader.onStart() ? 0 : STOP;
  }

  statusText(part: string): number {
    this.#statusText += part;
    return 0;
  }

  /** A part of a name (0) or value (1). */
  header(kind: 0 | 1, part: string): number {
    const headers = this.#headers;
    if ((headers.length & 1) === kind) headers.push(part);
    else headers.push(headers.pop()! + part);
    this.#headBytes += part.length;
    if (this.#headBytes < LONGEST_HEAD) return 0;
    this.#fault = 'head too large';
    return STOP;
  }

  headEnded(status: number, upgrade: boolean, keepAlive: boolean): number {
    const [headers, statusText] = [this.#headers, this.#statusText];
    this.#forgetHead();
    if (upgrade || status === 101) return STOP;
    this.#interim = status < 200;
    if (this.#interim) return SKIP_BODY;
    const bodiless = this.#reader.onHead(status, headers, statusText, keepAlive);
    if (this.#freed) return STOP;
    return bodiless || status === 204 || status === 304 ? SKIP_BODY : 0;
  }

  body(part: Buffer): number {
    this.#reader.onBody(part);
    return this.#freed ? STOP : 0;
  }

  ended(): number {
    // Trailers come as headers do; no script can read them.
    this.#forgetHead();
    if (!this.#interim) this.#reader.onEnd();
    return this.#freed ? STOP : 0;
  }
}
