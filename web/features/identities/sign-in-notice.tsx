import { Notice } from "@/components/ui/notice";

import { type FromAddress, type ProviderOption, wordsFor } from "./errors";

interface SignInNoticeProps {
  error: FromAddress;
  provider: FromAddress;
  providers: readonly ProviderOption[];
}

/** Why somebody who went to a provider is here again. */
export function SignInNotice({ error, provider, providers }: SignInNoticeProps) {
  const words = wordsFor(error, provider, providers);
  return words && <Notice title={words.title}>{words.more}</Notice>;
}
