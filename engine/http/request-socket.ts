import net from 'node:net';

/** Bytes that Node writes at once without a buffer of its own. */
const LONGEST = 16_384;
/** The system asks idle connections every minute whether the other side is still there. */
const TCP = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 } as const;
/** What the system has received is read into this, by all sockets of a thread, and copied at once. */
const RECEIVED = Buffer.allocUnsafeSlow(65_536);

/** Dials. `forTls`: for the bytes of TLS, which Node writes and reads itself. */
export function dial(to: net.TcpSocketConnectOpts, forTls: boolean): net.Socket {
  return forTls ? net.connect({ ...to, ...TCP }) : new RequestSocket(to);
}

/**
 * A TCP connection for undici, without what Node's streams do for each read and write: buffers of 64 KiB cut to size, lists of
 * chunks, calls in the next tick. undici reads all there is when it hears that there is something, and never pauses here; it
 * corks once a request, never within another cork, and does not ask whether a write was the last that fitted.
 */
class RequestSocket extends net.Socket {
  /** What undici has not read yet. */
  #arrived: Buffer | null = null;
  /** What was written while corked, a character for each byte. */
  #held: string | undefined;
  readonly #written = (error?: Error | null): void => {
    // Not while undici is still writing.
    if (error != null) process.nextTick(() => this.destroy(error));
  };

  constructor(to: net.TcpSocketConnectOpts) {
    const options: net.SocketConstructorOpts & net.TcpSocketConnectOpts = {
      ...to,
      ...TCP,
      onread: { buffer: RECEIVED, callback: (length) => this.#arrive(length) },
    };
    super(options);
    this.connect(options);
    // Node puts its own in the place of any other then.
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it becomes this socket's again
    this.write = RequestSocket.prototype.write;
  }

  #arrive(length: number): true {
    const bytes = Buffer.allocUnsafe(length);
    RECEIVED.copy(bytes, 0, 0, length);
    this.#arrived = this.#arrived === null ? bytes : Buffer.concat([this.#arrived, bytes]);
    this.emit('readable');
    return true;
  }

  /** All that has arrived; `read(0)` makes Node start to read. */
  override read(size?: number): Buffer | null {
    if (size === 0) return super.read(0) as Buffer | null;
    const bytes = this.#arrived;
    this.#arrived = null;
    return bytes;
  }

  override cork(): void {
    this.#held ??= '';
  }

  override write(
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | ((error?: Error | null) => void),
    done?: (error?: Error | null) => void,
  ): boolean {
    if (this.#held !== undefined) {
      const text = typeof chunk === 'string' ? (encoding === 'latin1' ? chunk : undefined) : latin1(chunk);
      if (text !== undefined && done === undefined && this.#held.length + text.length <= LONGEST) {
        this.#held += text;
        return !this.writableNeedDrain;
      }
      this.#writeApart();
    }
    return super.write(chunk, encoding as BufferEncoding, done);
  }

  override uncork(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) super.uncork();
    else if (held === '') return;
    // Past the stream, unless something waits in it, or it is to say why nothing can be written.
    else if (this.writable && this.writableLength === 0) this._write(held, 'latin1', this.#written);
    else super.write(held, 'latin1');
  }

  /** Corks as any socket does. */
  #writeApart(): void {
    const held = this.#held!;
    this.#held = undefined;
    super.cork();
    if (held !== '') super.write(held, 'latin1');
  }
}

/** Short bytes as a text; undefined for others. */
function latin1(bytes: Uint8Array): string | undefined {
  return Buffer.isBuffer(bytes) && bytes.length <= LONGEST ? bytes.toString('latin1') : undefined;
}
