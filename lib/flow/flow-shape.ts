const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function hasTexts(value: unknown, names: readonly string[], required: boolean): boolean {
  if (!isObject(value)) return false;
  return names.every((name) => typeof value[name] === 'string' || (!required && value[name] === undefined));
}

/** Fields of a flow resource that the journey reads, besides `id` and `status`. */
const FIELDS = ['devices', 'selectedDeviceRef', 'serverPayload', 'authorizeResponse', '_links'] as const;
const ID = ['id'];
const AUTHORIZE_TEXTS = ['code', 'state', 'access_token', 'id_token'];

/** Whether a field that is present has its type in the protocol. */
function isWellFormed(name: (typeof FIELDS)[number], value: unknown): boolean {
  switch (name) {
    case 'devices':
      return Array.isArray(value) && value.every((device) => hasTexts(device, ID, true));
    case 'selectedDeviceRef':
      return hasTexts(value, ID, true);
    case 'serverPayload':
      return typeof value === 'string';
    case 'authorizeResponse':
      return hasTexts(value, AUTHORIZE_TEXTS, false);
    case '_links':
      return isObject(value);
  }
}

/** Name of a field of the wrong type, or undefined. */
export function malformedField(flow: Readonly<Record<string, unknown>>): string | undefined {
  return FIELDS.find((name) => flow[name] !== undefined && !isWellFormed(name, flow[name]));
}

/** Drops fields that are null, so that readers only have to check for absent ones. `text`: the answer as it came. */
export function withoutNulls(
  answer: Readonly<Record<string, unknown>>,
  text: string,
): Readonly<Record<string, unknown>> {
  if (!text.includes('null')) return answer;
  return Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== null));
}
