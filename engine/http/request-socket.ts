import net from 'node:net';

/** The system asks idle connections every minute whether the other side is still there. */
const TCP = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 } as const;
/** What the system has received is read into this, by all sockets of a thread. */
const RECEIVED = Buffer.allocUnsafeSlow(65_536);

/** Dials. `forTls`: for the bytes of TLS, which Node writes and reads itself. */
export function dial(to: net.TcpSocketConnectOpts, forTls: boolean): net.Socket {
  return forTls ? net.connect({ ...to, ...TCP }) : new RequestSocket(to);
}

/**
 * A TCP connection without what Node's streams do for each read and write: buffers of 64 KiB cut to size, lists of chunks, calls
 * in the next tick. The bytes of its `data` events are only valid during the event; it cannot be paused.
 */
export class RequestSocket extends net.Socket {
  /** Whether a part of a text is not with the system yet. */
  sending = false;
  readonly #written = (error?: Error | null): void => {
    this.sending = false;
    // Not while a request is still being written.
    if (error != null) process.nextTick(() => this.destroy(error));
  };

  constructor(to: net.TcpSocketConnectOpts) {
    const options: net.SocketConstructorOpts & net.TcpSocketConnectOpts = {
      ...to,
      ...TCP,
      onread: {
        buffer: RECEIVED,
        callback: (length) => {
          this.emit('data', RECEIVED.subarray(0, length));
          return true;
        },
      },
    };
    super(options);
    this.connect(options);
  }

  /** Writes a text, a character for each byte: past the stream, unless it is to say why nothing can be written. */
  send(text: string): void {
    if (!this.writable) {
      this.write(text, 'latin1');
      return;
    }
    this.sending = true;
    this._write(text, 'latin1', this.#written);
  }
}
