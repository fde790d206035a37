import { MORE_HEAP } from './generator-health/heap-watch.ts';

const MORE_ADDRESSES =
  'the address space limit of this process (ulimit -v) is too small: raise it ("ulimit -v unlimited"), or set NODE_OPTIONS=--disable-wasm-trap-handler';
const MORE_MEMORY =
  'this process cannot allocate more memory: raise its limits (ulimit -v, ulimit -u, cgroup), or use fewer --workers';

/**
 * What a process or thread lacks if it failed for lack of memory, and the remedy, in one line; otherwise undefined. The
 * HTTP parser is WebAssembly, which reserves some ten GiB of address space per thread.
 */
export function memoryFault(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code = '', message = '', name = '' } = error as { code?: unknown; message?: string; name?: string };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return `it ran out of memory: ${MORE_HEAP}`;
  if (/WebAssembly.*(out of|not allocate) memory/i.test(message)) return MORE_ADDRESSES;
  if (code === 'ENOMEM' || code === 'ERR_MEMORY_ALLOCATION_FAILED' || code === 'ERR_WORKER_INIT_FAILED')
    return MORE_MEMORY;
  if (name === 'RangeError' && /allocation failed|out of memory/i.test(message)) return MORE_MEMORY;
  return undefined;
}
