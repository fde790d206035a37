/** Parameters of requests that ask, before the load or after it, what stands there: untimed, and no part of the load. */
export const PREFLIGHT_PARAMS = {
  tags: { name: 'preflight', peer: 'setup' },
  redirects: 0,
  timeout: '10s',
  responseType: 'text',
} as const;
