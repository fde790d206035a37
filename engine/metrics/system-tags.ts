/** System tags that are on by default (k6-contract.md 4.3). */
export const DEFAULT_SYSTEM_TAGS = [
  'proto',
  'subproto',
  'status',
  'method',
  'url',
  'name',
  'group',
  'check',
  'error',
  'error_code',
  'tls_version',
  'scenario',
  'service',
  'expected_response',
] as const;

/** System tags that exist but are off by default. */
export const OPTIONAL_SYSTEM_TAGS = ['vu', 'iter', 'ip', 'ocsp_status'] as const;
