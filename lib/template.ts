import type { InventoryUser } from '../contract/inventory.ts';

/** Names allowed in a template. */
const PLACEHOLDERS = ['username', 'password'] as const;

/** Fills in `{{username}}` and `{{password}}`. */
function fillTemplate(template: string, user: Pick<InventoryUser, 'username' | 'password'>): string {
  return template.replace(
    /\{\{(username|password)\}\}/g,
    (_all, name: string) => user[name as 'username' | 'password'],
  );
}

/** A copy of a JSON value with templates in its texts filled in; user names are not expanded further. */
export function fillModel(value: unknown, user: Pick<InventoryUser, 'username' | 'password'>): unknown {
  if (typeof value === 'string') return fillTemplate(value, user);
  if (Array.isArray(value)) return value.map((item) => fillModel(item, user));
  if (typeof value !== 'object' || value === null) return value;
  const filled: Record<string, unknown> = {};
  for (const name of Object.keys(value)) filled[name] = fillModel((value as Record<string, unknown>)[name], user);
  return filled;
}

/** The first `{{…}}` that is not known, or undefined. */
export function unknownPlaceholder(template: string): string | undefined {
  const named = template.match(/\{\{.*?\}\}/g) ?? [];
  return named.find((name) => !PLACEHOLDERS.some((known) => name === `{{${known}}}`));
}
