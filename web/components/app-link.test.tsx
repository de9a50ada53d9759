// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { AppLink } from "./app-link";

const push = vi.hoisted(() => vi.fn<(path: string) => void>());

vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));

beforeEach(() => push.mockReset());
afterEach(cleanup);

test("a plain click stays in the app", () => {
  render(<AppLink href="/tasks">Tasks</AppLink>);

  expect(fireEvent.click(screen.getByRole("link"))).toBe(false);
  expect(push).toHaveBeenCalledWith("/tasks");
});

test.for([{ metaKey: true }, { ctrlKey: true }, { shiftKey: true }, { altKey: true }, { button: 1 }])(
  "a click with %j is the browser's",
  (init) => {
    render(<AppLink href="#tasks">Tasks</AppLink>);

    expect(fireEvent.click(screen.getByRole("link"), init)).toBe(true);
    expect(push).not.toHaveBeenCalled();
  },
);
