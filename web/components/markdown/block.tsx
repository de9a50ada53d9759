/** Markdown tokens as React elements. There is no way through here for raw HTML: it is shown as the text it is. */
import { Lexer, type MarkedToken, type Token } from "marked";
import type { ReactNode } from "react";

import { decodeEntities } from "./entities";

/** The page's own title is the h1: a text's headings begin one below. */
const headings = ["h2", "h3", "h4", "h5", "h6", "h6"] as const;

const SAFE_LINK = /^(?:https?:|mailto:)/i;

export function Block({ raw }: { raw: string }) {
  return render(Lexer.lex(raw));
}

function render(tokens: readonly Token[] | undefined): ReactNode {
  return tokens?.map((token, index) => isOwn(token) && <Node key={index} token={token} />);
}

/** The other kind comes from extensions, and there are none. */
function isOwn(token: Token): token is MarkedToken {
  return "raw" in token;
}

function Node({ token }: { token: MarkedToken }): ReactNode {
  switch (token.type) {
    case "heading": {
      const Heading = headings[token.depth - 1] ?? "h6";
      return <Heading>{render(token.tokens)}</Heading>;
    }
    case "paragraph":
      return <p>{render(token.tokens)}</p>;
    case "text":
      return token.tokens ? render(token.tokens) : decodeEntities(token.text);
    case "strong":
      return <strong>{render(token.tokens)}</strong>;
    case "em":
      return <em>{render(token.tokens)}</em>;
    case "del":
      return <del>{render(token.tokens)}</del>;
    case "codespan":
      return <code>{token.text}</code>;
    case "br":
      return <br />;
    case "hr":
      return <hr />;
    case "code":
      return (
        // Scrolls sideways, so the keyboard has to reach it.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre tabIndex={0}>
          <code>{token.text}</code>
        </pre>
      );
    case "blockquote":
      return <blockquote>{render(token.tokens)}</blockquote>;
    case "list": {
      const items = token.items.map((item, index) => <li key={index}>{render(item.tokens)}</li>);
      return token.ordered ? <ol start={token.start || 1}>{items}</ol> : <ul>{items}</ul>;
    }
    case "link":
      return <Anchor href={token.href}>{render(token.tokens)}</Anchor>;
    case "image":
      // Never loaded: an address in a model's text could tell its owner who reads it.
      return <Anchor href={token.href}>{token.text || token.href}</Anchor>;
    case "table":
      return (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="table" role="region" aria-label="Table" tabIndex={0}>
          <table>
            <thead>
              <tr>
                {token.header.map((cell, index) => (
                  <th key={index}>{render(cell.tokens)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {token.rows.map((row, index) => (
                <tr key={index}>
                  {row.map((cell, column) => (
                    <td key={column}>{render(cell.tokens)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case "checkbox":
      return token.checked ? "☑ " : "☐ ";
    case "escape":
      return token.text;
    case "html":
      return token.text;
    default:
      // `space` and `def` show nothing; a list's items are rendered by their list.
      return null;
  }
}

function Anchor({ href, children }: { href: string; children: ReactNode }) {
  if (!SAFE_LINK.test(href)) return children;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}
