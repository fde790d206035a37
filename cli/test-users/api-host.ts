/** Host of an API's URL; undefined if it has no such form, or carries more than a path. */
export function hostOf(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const plain = parsed !== undefined && parsed.username + parsed.password + parsed.search + parsed.hash === '';
  return plain && /^https?:$/.test(parsed.protocol) ? parsed.hostname : undefined;
}

/** Whether a host is this machine. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);
}
