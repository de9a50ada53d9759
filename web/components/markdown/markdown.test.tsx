// @vitest-environment happy-dom
import { cleanup, render } from "@testing-library/react";
import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";

import { type Blocks, split } from "./blocks";
import { Markdown } from "./markdown";
import { tidy } from "./tidy";

afterEach(cleanup);

const show = (text: string, complete = true) => render(<Markdown text={text} complete={complete} />).container;

const PLAN = `# A **plan** for *you*

Three services are enough. \`listings\` owns the [catalogue](https://example.com/a_b).

1. **Listings.** A serial number.
2. **Escrow.** Money
   - moves late

| Part | Why |
| --- | --- |
| Postgres | One *truth* |

\`\`\`py
x = "**not bold**"
\`\`\`

> Quoted, and **strong**.

Two * three is six. Done.
`;

describe("split", () => {
  test("growing by any steps gives the blocks that the whole text gives", () => {
    const lines = fc.array(
      fc.constantFrom(
        "word",
        "- a",
        "  - b",
        "1. c",
        "-",
        "=",
        "---",
        "> q",
        "",
        "```",
        "| a | b |",
        "| - | - |",
        "    code",
        "# h",
      ),
      { maxLength: 14 },
    );
    fc.assert(
      fc.property(lines, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (parts, steps) => {
        const text = parts.join("\n");
        let blocks: Blocks | null = null;
        for (let end = 0, at = 0; end < text.length; at++) {
          end += steps[at % steps.length] ?? 1;
          blocks = split(blocks, text.slice(0, end));
        }

        expect(blocks?.raws ?? []).toEqual(split(null, text).raws);
        expect((blocks?.raws ?? []).join("")).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  test("finished blocks are the same strings as before", () => {
    const before = split(null, "One\n\nTwo\n\nThree\n\nFour");
    const after = split(before, "One\n\nTwo\n\nThree\n\nFour and more");

    expect(after.raws.slice(0, 3)).toEqual(before.raws.slice(0, 3));
  });
});

describe("tidy", () => {
  test("no prefix of a plan shows a loose mark", () => {
    for (let end = 1; end <= PLAN.length; end++) {
      const { textContent } = show(PLAN.slice(0, end), false);
      expect(textContent?.replace('x = "**not bold**"', "").replace(/x = "\*+.*/, "")).not.toMatch(/\*\*|\]\(|`|\|/);
      cleanup();
    }
  });

  test.for([
    ["A **bo", "A **bo**"],
    ["A **bold**", "A **bold**"],
    ["A *sl", "A *sl*"],
    ["Say `co", "Say `co`"],
    ["See [the gui", "See the gui"],
    ["See [the guide](https://ex", "See the guide"],
    ["Text\n-", "Text"],
    ["1. One\n2", "1. One"],
    ["| Part | W", ""],
    ["```py\na ** b", "```py\na ** b"],
  ])("%s is shown as %s", ([block = "", shown]) => {
    expect(tidy(block)).toBe(shown);
  });
});

describe("Markdown", () => {
  test("a text's headings begin below the page's own", () => {
    expect(show("# One\n\n## Two").innerHTML).toBe("<h2>One</h2><h3>Two</h3>");
  });

  test("raw HTML is shown as the text it is", () => {
    const container = show('<script>alert(1)</script>\n\nA <img src=x onerror="alert(1)"> b');

    expect(container.querySelector("script, img")).toBeNull();
    expect(container.textContent).toContain("<script>alert(1)</script>");
  });

  test.for([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "//evil.example",
    "vbscript:x",
    "file:///etc",
  ])("%s never becomes a link", (href) => {
    expect(show(`[words](${href}) and ![image](${href})`).querySelector("a, img")).toBeNull();
  });

  test("a link opens apart, and an image is a link to itself", () => {
    const links = show("[a](https://example.com) ![b](https://example.com/b.png)").querySelectorAll("a");

    expect([...links].map(({ href, rel, target }) => [href, rel, target])).toEqual([
      ["https://example.com/", "noopener noreferrer nofollow", "_blank"],
      ["https://example.com/b.png", "noopener noreferrer nofollow", "_blank"],
    ]);
  });

  test("entities are the characters they stand for", () => {
    expect(show("A &amp; B &lt;i&gt; &#x1F52C; &bogus; &#0;").textContent).toBe("A & B <i> 🔬 &bogus; \ufffd");
  });

  test("lists, tables and code have their elements", () => {
    const container = show(PLAN);

    expect(container.querySelectorAll("ol > li")).toHaveLength(2);
    expect(container.querySelector("tbody td")?.textContent).toBe("Postgres");
    expect(container.querySelector("pre code")?.textContent).toBe('x = "**not bold**"');
  });

  test("a finished block keeps its element while the text grows", () => {
    const { container, rerender } = render(<Markdown text={"# One\n\nTwo\n\nThree"} complete={false} />);
    const first = container.firstElementChild;
    rerender(<Markdown text={"# One\n\nTwo\n\nThree and more"} complete={false} />);

    expect(container.firstElementChild).toBe(first);
  });
});
