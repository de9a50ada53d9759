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
export function given<Names extends string>(params: Readonly<Record<Names, string>>): Partial<Record<Names, string>> {
  const kept: Partial<Record<Names, string>> = {};
  for (const name in params) if (params[name] !== "") kept[name] = params[name];
  return kept;
}
