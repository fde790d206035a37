const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function hasTexts(value: unknown, names: readonly string[], required: boolean): boolean {
  if (!isObject(value)) return false;
  return names.every((name) => typeof value[name] === 'string' || (!required && value[name] === undefined));
}

/** What the journey reads of a flow resource beside `id` and `status`. */
const FIELDS = ['devices', 'selectedDeviceRef', 'serverPayload', 'authorizeResponse', '_links'] as const;
const ID = ['id'];
const AUTHORIZE_TEXTS = ['code', 'state', 'access_token', 'id_token'];

/** Whether a field that is present has the type that the protocol gives it. */
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

/** Name of a field that has not the type that the protocol gives it, or undefined. null counts as absent. */
export function malformedField(flow: Readonly<Record<string, unknown>>): string | undefined {
  return FIELDS.find((name) => flow[name] !== undefined && flow[name] !== null && !isWellFormed(name, flow[name]));
}
