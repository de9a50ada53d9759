// The plots of a budget: how much of its limit is used, how its samples lie, how it went in earlier runs.
import type { Measurement } from "../lib/compare.ts";
import type { Row } from "../lib/run.ts";
import { day, number } from "../lib/said.ts";
import { percentile, sorted } from "../lib/statistics.ts";
import { html, type Html } from "./frame.ts";
import { across, bins, domain, roomy, upwards } from "./scale.ts";

/** Up to here every sample is a stroke of its own. */
const MOST_STROKES = 40;
const BINS = 60;

/** How much of its limit a budget uses: 1 is all of it, whichever side the limit is on. */
export function used({ measured, limit, is }: Row): number | null {
  if (measured === null) return null;
  if (is === "at most") return limit === 0 ? (measured === 0 ? 0 : Infinity) : measured / limit;
  return measured === 0 ? Infinity : limit / measured;
}

/** The limit lies at two thirds. What isn't measured has no bar; the text beside it says so. */
export function marginBar(row: Row): Html {
  const share = used(row);
  const isOver = row.failure !== null;
  const width = share === null ? 0 : Math.min(100, share * (200 / 3));
  return html`<div class="bar${isOver ? " over" : ""}" aria-hidden="true">
    <i style="width:${width.toFixed(2)}%"></i><b></b>
  </div>`;
}

export function distribution(row: Row): Html {
  const { samples, limit, unit, measured } = row;
  if (samples.length === 0 || measured === null) return html`<p class="quiet small">No samples.</p>`;
  const { hasLimit, ...found } = domain(samples, limit);
  const [from, to] = roomy(found, 0.02);
  const x = across(from, to);
  const few = samples.length <= MOST_STROKES;
  const shape = few
    ? html`<path class="tick" d="${samples.map((sample) => `M${x(sample)} 30V70`).join("")}" />`
    : html`<path class="area" d="${histogram(bins(samples, from, to, BINS))}" />`;
  const judged = `${row.percentile === 50 ? "median" : `p${row.percentile}`} ${number(measured)} ${unit}`;
  return html`<figure>
    <figcaption>${samples.length === 1 ? "One sample" : `${samples.length.toLocaleString("en")} samples`}</figcaption>
    <svg class="plot" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${said(row)}">
      ${shape}
      <path class="judged" d="M${x(measured)} 0V100" />
      ${hasLimit ? html`<path class="limit" d="M${x(limit)} 0V100" />` : null}
    </svg>
    <div class="ends"><span>${number(found.from)} ${unit}</span><span>${number(found.to)} ${unit}</span></div>
    <div class="key">
      <span><i></i>${judged}</span
      ><span><i class="limit"></i>limit ${limit} ${unit}${hasLimit ? "" : ", outside the plot"}</span>
    </div>
  </figure>`;
}

/** The higher the more; a bin that has anything is seen. */
function histogram(counted: readonly number[]): string {
  const most = Math.max(...counted);
  const width = 100 / counted.length;
  return counted
    .map((count, index) => {
      if (count === 0) return "";
      const height = Math.max(2, (92 * count) / most);
      return `M${(index * width).toFixed(2)} 100v-${height.toFixed(2)}h${(width * 0.86).toFixed(2)}V100z`;
    })
    .join("");
}

function said({ samples, unit, measured, percentile: of }: Row): string {
  const ordered = sorted(samples);
  const [least, middle, most] = [0.01, 50, 100].map((part) => number(percentile(ordered, part)));
  const judged = of === 50 ? "" : `, p${of} ${number(measured!)}`;
  return `Distribution: from ${least} to ${most} ${unit}, median ${middle}${judged}`;
}

/** One dot a run, the last of them this one; the bar behind it holds the middle half of its samples. */
export function trend(series: readonly Measurement[]): Html {
  const last = series.at(-1);
  if (!last || series.length < 2)
    return html`<p class="quiet small">
      No earlier run of this measurement on this kind of machine is in the archive.
    </p>`;
  const { unit, limit } = last.row;
  const values = series.map(({ row }) => row.measured!);
  const halves = series.map(({ row }) => {
    const ordered = sorted(row.samples);
    return [percentile(ordered, 25), percentile(ordered, 75)] as const;
  });
  const ofMedian = last.row.percentile === 50;
  const { from, to, hasLimit } = domain([...values, ...(ofMedian ? halves.flat() : [])], limit);
  const [x, y] = [across(-0.5, series.length - 0.5), upwards(...roomy({ from, to }, 0.08))];
  const line = values.map((value, index) => `${index === 0 ? "M" : "L"}${x(index)} ${y(value)}`).join("");
  const ranges = halves.map(([low, high], index) => `M${x(index)} ${y(low)}V${y(high)}`).join("");
  const dots = series.map(({ row }, index) => {
    const kind = `dot${row.failure === null ? "" : " over"}${index === series.length - 1 ? " now" : ""}`;
    return html`<path class="${kind}" d="M${x(index)} ${y(row.measured!)}h0"
      ><title>${day(series[index]!.run.at)}: ${number(row.measured!)} ${unit}</title></path
    >`;
  });
  const [first, now] = [day(series[0]!.run.at), day(last.run.at)];
  const label = `${series.length} runs from ${first} to ${now}: from ${number(Math.min(...values))} to ${number(Math.max(...values))} ${unit}, now ${number(values.at(-1)!)}`;
  return html`<figure>
    <figcaption>${series.length} runs, ${number(from)} to ${number(to)} ${unit}</figcaption>
    <svg class="plot" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${label}">
      ${hasLimit ? html`<path class="limit" d="M0 ${y(limit)}H100" />` : null}${ofMedian ? html`<path class="range" d="${ranges}" />` : null}
      <path class="line" d="${line}" />
      ${dots}
    </svg>
    <div class="ends"><span>${first}</span><span>${now}</span></div>
    <div class="key">
      <span
        ><i class="run"></i
        >${ofMedian ? "median, with the middle half of its samples" : `p${last.row.percentile} of each run`}</span
      >${hasLimit ? html`<span><i class="limit"></i>limit</span>` : null}
    </div>
  </figure>`;
}
