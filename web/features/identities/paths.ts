/** Where the way to a provider begins. A navigation, not a call: it leads through another site. */
export function startPath(provider: string, query: Record<string, string>): string {
  return `/api/v1/auth/${provider}/start?${new URLSearchParams(query).toString()}`;
}
