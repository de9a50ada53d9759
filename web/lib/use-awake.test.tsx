import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test, vi } from "vitest";

import { PromptForm } from "@/components/prompt-form";
import { DeleteAccount } from "@/features/accounts/delete-account";
import { RegisterForm } from "@/features/accounts/register-form";
import { SignInForm } from "@/features/accounts/sign-in-form";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: vi.fn<() => void>() }) }));

const forms: Record<string, ReactElement> = {
  "sign in": <SignInForm next="/tasks" />,
  register: <RegisterForm next="/tasks" verified={false} />,
  "delete an account": <DeleteAccount email="ada@example.com" providers={null} />,
  prompt: (
    <PromptForm label="What?" placeholder="" examples={[]} action={["Go", "Going"]} busy={false} onSend={() => {}} />
  ),
};

test.each(Object.entries(forms))(
  "%s: a page without its scripts yet sends nothing, to no address, and says why to who has none",
  (_, form) => {
    const html = renderToString(<QueryClientProvider client={new QueryClient()}>{form}</QueryClientProvider>);

    expect(html).toMatch(/<form [^>]*method="post"/);
    expect(html).toMatch(/<button type="submit"[^>]* disabled=""/);
    expect(html).toMatch(/<noscript><p [^>]*>Scripts are switched off here/);
  },
);
