import type { RefinedResponse, ResponseType } from 'k6/http';

/** Result of a request, on both hosts. */
export type HttpAnswer = RefinedResponse<ResponseType | undefined>;

/** The body as a JSON object, or `undefined`: servers also answer with HTML, text or nothing. */
export const jsonObject = ({ body }: HttpAnswer): Record<string, unknown> | undefined => {
  if (typeof body !== 'string' || !body.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};
