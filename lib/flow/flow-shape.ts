type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const hasTexts =
  (...names: readonly string[]): Check =>
  (value) =>
    isObject(value) && names.every((name) => value[name] === undefined || isText(value[name]));

/** What the journey reads of a flow resource, and what each field must be where it is present. */
const FIELDS: Readonly<Record<string, Check>> = {
  devices: (value) => Array.isArray(value) && value.every((device) => isObject(device) && isText(device['id'])),
  selectedDeviceRef: (value) => isObject(value) && isText(value['id']),
  serverPayload: isText,
  authorizeResponse: hasTexts('code', 'state', 'access_token', 'id_token'),
  _links: isObject,
};

/** Name of a field that has not the type that the protocol gives it, or undefined. null counts as absent. */
export function malformedField(flow: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(FIELDS).find(
    (name) => flow[name] !== undefined && flow[name] !== null && !FIELDS[name]!(flow[name]),
  );
}
