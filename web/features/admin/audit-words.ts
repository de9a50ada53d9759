import type { Action } from "./queries";

/** What happened, as a sentence without its people. Named by action, so that the compiler asks for a new one. */
export const ACTIONS: Record<Action, string> = {
  registered: "Registered",
  signed_in: "Signed in",
  sign_in_failed: "Failed to sign in",
  signed_out: "Signed out",
  session_ended: "Session ended",
  refresh_reused: "An old token came back: session ended",
  password_changed: "Changed the password",
  password_reset: "Reset the password by mail",
  email_verified: "Confirmed the email address",
  email_changed: "Changed the email address",
  identity_linked: "Linked an account",
  identity_unlinked: "Unlinked an account",
  key_created: "Made an API key",
  key_revoked: "API key revoked",
  data_exported: "Downloaded their data",
  account_erased: "Account deleted",
  role_changed: "Role changed",
  user_disabled: "Disabled",
  user_enabled: "Enabled",
};

export const isAction = (value: string): value is Action => Object.hasOwn(ACTIONS, value);

/** Facts of a row as text, a change as an arrow: `user → admin`, `method password`. */
export function facts({ before, after, ...rest }: Readonly<Record<string, unknown>>): string {
  const others = Object.entries(rest).map(([name, value]) => `${name.replaceAll("_", " ")} ${said(value)}`);
  return [...(after === undefined ? [] : [`${said(before)} → ${said(after)}`]), ...others].join(" · ");
}

function said(value: unknown): string {
  if (Array.isArray(value)) return value.map(said).join(", ");
  if (typeof value !== "string") return JSON.stringify(value ?? null);
  return /^[a-z_]+$/.test(value) ? value.replaceAll("_", " ") : value;
}
