/** k6 calls that this engine lacks, by module, with alternatives. VUs share a thread, so nothing may block. */
export const LACKING_CALLS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'k6/http': {
    get: "await http.asyncRequest('GET', url, null, params)",
    head: "await http.asyncRequest('HEAD', url, null, params)",
    post: "await http.asyncRequest('POST', url, body, params)",
    put: "await http.asyncRequest('PUT', url, body, params)",
    patch: "await http.asyncRequest('PATCH', url, body, params)",
    del: "await http.asyncRequest('DELETE', url, body, params)",
    options: "await http.asyncRequest('OPTIONS', url, body, params)",
    request: 'await http.asyncRequest(method, url, body, params)',
    batch: 'await Promise.all([http.asyncRequest(…), …])',
  },
  k6: { sleep: 'await new Promise((resolve) => setTimeout(resolve, milliseconds))' },
};

/** Error message for such a call. */
export function lackingCall(module: string, name: string): string {
  const call = module === 'k6/http' ? `http.${name}` : name;
  const instead = LACKING_CALLS[module]?.[name] ?? '';
  return `${call}() is not supported by this engine: it would block every other VU; write \`${instead}\``;
}

/** All exports in @types/k6: a module that lacks one does not compile. */
export type ModuleShape<Module> = Readonly<Record<Exclude<keyof Module, 'default'>, unknown>>;
