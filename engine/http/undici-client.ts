import { createRequire } from 'node:module';
import type * as Undici from 'undici';

/**
 * undici's client without the rest of it (fetch, WebSocket, caches, mocks): that takes three times as long to load, in each thread.
 * A test holds it to be the client that undici exports.
 */
export const Client = createRequire(import.meta.url)('undici/lib/dispatcher/client.js') as typeof Undici.Client;
export type Client = Undici.Client;

/** The part of WebAssembly that is asked here; Node's types have none of it. */
interface Wasm {
  readonly Memory: new (size: { readonly initial: number }) => object;
}

/**
 * Throws, at the start of a process or thread, if there is no address space for the HTTP parser. It is made at the first
 * connection, where every request would fail as if the target had answered something that is not HTTP.
 */
function needsAddressSpace(): void {
  const { Memory } = (globalThis as unknown as { readonly WebAssembly: Wasm }).WebAssembly;
  Reflect.construct(Memory, [{ initial: 1 }]);
}

needsAddressSpace();
