/**
 * JavaScript features that Node has and k6 lacks (k6-contract.md section 7). Hidden, so that a bundle cannot work here
 * and fail there. Node's own globals (fetch, Buffer, process, URL …) need no entry: a fresh context lacks them.
 */
export const HIDDEN_GLOBALS = [
  'Atomics',
  'FinalizationRegistry',
  'Float16Array',
  'Intl',
  'Iterator',
  'SharedArrayBuffer',
  'SuppressedError',
  'DisposableStack',
  'AsyncDisposableStack',
  'WeakRef',
  'WebAssembly',
  // Put there by Node's inspector; scripts get the run's console instead.
  'console',
] as const;

/** Hidden members, as `Owner.member` or `Owner.prototype.member`. */
export const HIDDEN_MEMBERS = [
  'Array.fromAsync',
  'Object.groupBy',
  'Map.groupBy',
  'Promise.withResolvers',
  'Promise.try',
  'RegExp.escape',
  'Math.f16round',
  'Math.sumPrecise',
  'Error.captureStackTrace',
  // k6 has these only since v2.3.
  'Error.isError',
  'JSON.rawJSON',
  'JSON.isRawJSON',
  'Uint8Array.fromBase64',
  'Uint8Array.fromHex',
  'Uint8Array.prototype.toBase64',
  'Uint8Array.prototype.toHex',
  'Uint8Array.prototype.setFromBase64',
  'Uint8Array.prototype.setFromHex',
  'Set.prototype.union',
  'Set.prototype.intersection',
  'Set.prototype.difference',
  'Set.prototype.symmetricDifference',
  'Set.prototype.isSubsetOf',
  'Set.prototype.isSupersetOf',
  'Set.prototype.isDisjointFrom',
] as const;
