/** Parameters of requests that check the target before or after the load: untimed, and not part of the load. */
export const PREFLIGHT_PARAMS = {
  tags: { name: 'preflight', peer: 'setup' },
  redirects: 0,
  timeout: '10s',
  responseType: 'text',
} as const;
