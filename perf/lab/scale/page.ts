// The growths for people: a table on the screen, and a page with every cost beside the slope that was expected.
import { number } from "../lib/said.ts";
import { html, type Html, page } from "../page/frame.ts";
import { across, roomy, upwards } from "../page/scale.ts";
import { type Growth, type Part, type Point, slope } from "./growth.ts";

const count = (value: number): string => value.toLocaleString("en");

const verdict = (growth: Growth): string => `slope expected ${growth.expected}, found ${foundIn(growth)}`;

function foundIn({ points }: Growth): string {
  const found = slope(points);
  return Number.isNaN(found) ? "–" : found.toFixed(2);
}

/** The table for the screen. */
export function text(parts: readonly Part[]): string {
  return parts
    .map(({ title, of, growths, notes }) => {
      const rows = growths.flatMap((growth) => [
        `  ${growth.what} (${growth.unit}); ${verdict(growth)}`,
        ...growth.points.map(({ size, value }) => `${count(size).padStart(14)}  ${number(value).padStart(12)}`),
      ]);
      return [`${title}, by ${of}`, ...rows, ...notes.map((note) => `  ${note}`)].join("\n");
    })
    .join("\n\n");
}

/** The table for docs/scaling.md: a row for each cost, a column of text for its values. */
export function markdown(parts: readonly Part[]): string {
  const rows = parts.flatMap(({ title, growths, notes }) => [
    ...[`**${title}**`, "", "| cost | sizes and values | slope expected | found |", "| --- | --- | --- | --- |"],
    ...growths.map((growth) => {
      const values = growth.points.map(({ size, value }) => `${count(size)}: ${number(value)}`).join(", ");
      return `| ${growth.what} | ${values} ${growth.unit} | ${growth.expected} | ${foundIn(growth)} |`;
    }),
    ...["", notes.join(" "), ""],
  ]);
  return rows.join("\n").trim();
}

/** The document: everything is in it. `where` says on what machine and when. */
export function document(parts: readonly Part[], where: string): string {
  return page({
    title: "How cost grows",
    body: html`<main>
      <header>
        <p class="name">Slipstream</p>
        <h1>How cost grows</h1>
        <p class="lead quiet">
          Both axes are logarithmic. A cost that runs along the dashed line grows as was expected of it.
        </p>
        <p class="quiet small">${where}</p>
      </header>
      ${parts.map(
        ({ id, title, growths, notes }) =>
          html`<section aria-labelledby="${id}">
            <h2 id="${id}">${title}</h2>
            ${notes.map((note) => html`<p class="quiet small">${note}</p>`)}
            <div class="cards">
              ${growths.map((growth) =>
                card(
                  growth,
                  parts.find((part) => part.id === id)!,
                ),
              )}
            </div>
          </section>`,
      )}
    </main>`,
  });
}

function card(growth: Growth, { of }: Part): Html {
  const { what, unit, points } = growth;
  return html`<article class="panel card">
    <header>
      <h3>${what}</h3>
      <span class="small quiet">${verdict(growth)}</span>
    </header>
    <div class="plots">
      ${plot(growth, of)}
      <div class="scroll" tabindex="0" role="region" aria-label="${what}: the numbers">
        <table>
          <thead>
            <tr>
              <th scope="col" class="right">${of}</th>
              <th scope="col" class="right">${unit}</th>
            </tr>
          </thead>
          <tbody>
            ${points.map(
              ({ size, value }) =>
                html`<tr>
                  <td class="right">${count(size)}</td>
                  <td class="right">${number(value)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </div>
  </article>`;
}

function plot({ what, unit, expected, points }: Growth, of: string): Html {
  const shown = points.filter(({ value }) => value > 0);
  const last = shown.at(-1);
  if (!last || shown.length < 2) return html`<p class="quiet small">Too few points for a plot.</p>`;
  const line = shown.map(({ size }) => ({ size, value: last.value * (size / last.size) ** expected }));
  const values = [...shown, ...line].map(({ value }) => Math.log10(value));
  const sizes = shown.map(({ size }) => Math.log10(size));
  // a decade at least: else noise would fill the plot
  const middle = (Math.min(...values) + Math.max(...values)) / 2;
  const from = Math.min(...values, middle - 0.5);
  const to = Math.max(...values, middle + 0.5);
  const x = across(...roomy({ from: Math.min(...sizes), to: Math.max(...sizes) }, 0.04));
  const y = upwards(...roomy({ from, to }, 0.08));
  const path = (of: readonly Point[]): string =>
    of
      .map(({ size, value }, index) => `${index === 0 ? "M" : "L"}${x(Math.log10(size))} ${y(Math.log10(value))}`)
      .join("");
  const label = `${what}: from ${number(shown[0]!.value)} ${unit} at ${count(shown[0]!.size)} to ${number(last.value)} ${unit} at ${count(last.size)} ${of}`;
  return html`<figure>
    <figcaption>${number(10 ** from)} to ${number(10 ** to)} ${unit}</figcaption>
    <svg class="plot" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${label}">
      <path class="limit" d="${path(line)}" />
      <path class="line" d="${path(shown)}" />
      ${shown.map(({ size, value }) => html`<path class="dot" d="M${x(Math.log10(size))} ${y(Math.log10(value))}h0"><title>${count(size)}: ${number(value)} ${unit}</title></path>`)}
    </svg>
    <div class="ends"><span>${count(shown[0]!.size)}</span><span>${count(last.size)} ${of}</span></div>
    <div class="key">
      <span><i class="run"></i>measured</span><span><i class="limit"></i>expected: slope ${expected}</span>
    </div>
  </figure>`;
}
