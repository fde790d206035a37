/** A short reason for a failed request. */
export function reasonOf(error: unknown): string {
  const { message, code } = error as Error & { readonly code?: string };
  return message === '' ? (code ?? 'no answer') : message;
}
