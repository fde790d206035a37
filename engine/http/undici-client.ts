import { createRequire } from 'node:module';
import type * as Undici from 'undici';
import { needsAddressSpace } from '../memory-fault.ts';

needsAddressSpace();

/**
 * undici's client without the rest of it (fetch, WebSocket, caches, mocks): that takes three times as long to load, in each thread.
 * A test holds it to be the client that undici exports.
 */
export const Client = createRequire(import.meta.url)('undici/lib/dispatcher/client.js') as typeof Undici.Client;
export type Client = Undici.Client;
