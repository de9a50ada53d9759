/** Checks of data from outside at run time, each typed by what the contract says it is. */
export type Check<T> = (value: unknown) => value is T;

export const string: Check<string> = (value) => typeof value === "string";

export const number: Check<number> = (value): value is number => typeof value === "number" && Number.isFinite(value);

/** An offset, a length, an attempt. */
export const count: Check<number> = (value): value is number => number(value) && Number.isInteger(value) && value >= 0;

export const nullable =
  <T>(check: Check<T>): Check<T | null> =>
  (value): value is T | null =>
    value === null || check(value);

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
