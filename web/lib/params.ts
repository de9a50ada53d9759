/** A parameter of the address as text; nothing, or several of them, are the empty one. */
export function one(value: string | string[] | undefined): string {
  return typeof value === "string" ? value : "";
}

/** A path with those parameters that say something. */
export function pathWith(path: string, params: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== "")).toString();
  return search === "" ? path : `${path}?${search}`;
}

/** The parameters that say something, as a query of the API. */
export function given<Params extends Readonly<Record<string, string>>>(
  params: Params,
): { [Name in keyof Params]?: Exclude<Params[Name], ""> };
export function given(params: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== ""));
}
