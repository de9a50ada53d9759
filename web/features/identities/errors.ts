import type { Schema } from "@/lib/api/types";

export type ProviderOption = Schema<"AuthOptions">["providers"][number];

interface Words {
  title: string;
  more: string;
}

/** What the API may say of a sign-in at a provider that ended nowhere; `name` is the provider's. */
const WORDS: Record<string, (name: string) => Words> = {
  account_disabled: () => ({
    title: "This account is disabled",
    more: "Whoever runs this site can tell you why.",
  }),
  account_exists: (name) => ({
    title: "There is an account with your email address",
    more: `Sign in to it as you did before. Then you can link ${name} in the settings.`,
  }),
  attempt_expired: () => ({
    title: "That took too long, or it began in another browser",
    more: "Please try again from here.",
  }),
  denied: (name) => ({
    title: `${name} was told not to sign you in`,
    more: "Nothing was shared. You can try again, or sign in another way.",
  }),
  email_unverified: (name) => ({
    title: `${name} doesn't vouch for your email address`,
    more: "Verify it there and come back, or create an account with a password.",
  }),
  identity_taken: (name) => ({
    title: `That account at ${name} belongs to another account here`,
    more: "It can sign in to one account only. Unlink it there first.",
  }),
  provider_refused: (name) => ({
    title: `Signing in with ${name} didn't work`,
    more: "Its answer could not be trusted. Please try again.",
  }),
  provider_unavailable: (name) => ({
    title: `${name} can't be reached right now`,
    more: "Please try again in a moment, or sign in another way.",
  }),
  session_ended: () => ({
    title: "Your session ended meanwhile",
    more: "Nothing was linked. Please try again.",
  }),
  too_many_attempts: () => ({
    title: "Too many attempts",
    more: "Please wait a minute before you try again.",
  }),
  unavailable: () => ({
    title: "Signing in isn't possible right now",
    more: "Please try again in a moment.",
  }),
};

/** The codes that have words. */
export const CODES = Object.keys(WORDS);

/** A value of the address: one that is there several times is as good as none. */
export type FromAddress = string | string[] | null | undefined;

/** What went wrong, by the code and the provider in the page's address, or null when nothing did. */
export function wordsFor(
  error: FromAddress,
  provider: FromAddress,
  providers: readonly ProviderOption[],
): Words | null {
  if (typeof error !== "string" || !Object.hasOwn(WORDS, error)) return null;
  return WORDS[error]!(providers.find(({ id }) => id === provider)?.name ?? "The provider");
}
