/** Checks of data from outside at run time, each typed by what the contract says it is. */
export type Check<T> = (value: unknown) => value is T;

export const string: Check<string> = (value) => typeof value === "string";

export const boolean: Check<boolean> = (value) => typeof value === "boolean";

export const number: Check<number> = (value): value is number => typeof value === "number" && Number.isFinite(value);

export const integer: Check<number> = (value): value is number => Number.isInteger(value);

/** An offset, a length, an attempt. */
export const count: Check<number> = (value): value is number => integer(value) && value >= 0;

export const nullable =
  <T>(check: Check<T>): Check<T | null> =>
  (value): value is T | null =>
    value === null || check(value);

export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value): value is T | undefined =>
    value === undefined || check(value);

export const list =
  <T>(check: Check<T>): Check<T[]> =>
  (value): value is T[] =>
    Array.isArray(value) && value.every(check);

/** Named as the keys of a record, so that the compiler asks for every one of them. */
export const oneOf =
  <T extends string>(names: Record<T, true>): Check<T> =>
  (value): value is T =>
    typeof value === "string" && Object.hasOwn(names, value);

/** Every field of the contract's type needs its check; fields it doesn't know pass, as a newer server may send them. */
export const object =
  <T extends object>(fields: { [Name in keyof T]-?: Check<T[Name]> }): Check<T> =>
  (value): value is T => {
    if (typeof value !== "object" || value === null) return false;
    for (const name in fields) if (!fields[name](Reflect.get(value, name))) return false;
    return true;
  };

/** The checks of a union by the `type` that tells its members apart. */
export type Members<T extends { type: string }> = { readonly [Member in T as Member["type"]]: Check<Member> };

/** A check met a `type` that this page doesn't know: a newer server may have it. */
export class UnknownType extends Error {
  override readonly name = "UnknownType";
}

/** The check of the member that `type` names. Throws UnknownType. */
export function memberOf<T>(members: Readonly<Record<string, Check<T>>>, type: string): Check<T> {
  const check = Object.hasOwn(members, type) ? members[type] : undefined;
  if (!check) throw new UnknownType(type);
  return check;
}

/** Throws UnknownType, which is neither yes nor no. */
export const union =
  <T>(members: Readonly<Record<string, Check<T>>>): Check<T> =>
  (value): value is T => {
    if (typeof value !== "object" || value === null) return false;
    const type: unknown = Reflect.get(value, "type");
    return typeof type === "string" && memberOf(members, type)(value);
  };
