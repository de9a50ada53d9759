// @vitest-environment happy-dom
import { act, cleanup, renderHook } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { useLinkToken } from "./use-link-token";

const visit = (url: string) => window.history.replaceState(null, "", url);

beforeEach(() => {
  vi.stubGlobal("fetch", () => expect.unreachable("nothing is sent by opening a link"));
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("the secret is taken out of the address, and nothing else", () => {
  visit("/verify-email?lang=en#token=s3cret-_");

  const { result } = renderHook(useLinkToken, { wrapper: StrictMode });

  expect(result.current).toBe("s3cret-_");
  expect(window.location.href).toMatch(/\/verify-email\?lang=en$/);
});

test.for(["/verify-email", "/verify-email#top", "/verify-email#token="])("%s has no secret", (url) => {
  visit(url);

  const { result } = renderHook(useLinkToken);

  expect(result.current || null).toBeNull();
});

test("another link that is opened over the page takes the first one's place", () => {
  visit("/verify-email#token=first");
  const { result } = renderHook(useLinkToken);

  visit("/verify-email#token=second");
  act(() => void window.dispatchEvent(new HashChangeEvent("hashchange")));

  expect(result.current).toBe("second");
});
