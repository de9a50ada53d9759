// The report: a run's verdicts, what they rest on, and how they went in earlier runs.
import { type Comparison, compared, type Kept, type Measurement, sameMeasurements } from "../lib/compare.ts";
import type { Row, Run } from "../lib/run.ts";
import { change, commit, day, number, which } from "../lib/said.ts";
import { html, Html, page } from "./frame.ts";
import { distribution, marginBar, trend, used } from "./plots.ts";

/** So many runs of a trend can be told apart on a phone. */
const MOST_RUNS = 40;

/** The document: everything is in it. */
export function report(run: Run, kept: readonly Kept[]): string {
  const found = new Map(compared(run, kept).map((each) => [each.row.id, each]));
  const groups = [...Map.groupBy(run.verdicts, ({ command }) => command)];
  return page({
    title: `Budgets, ${day(run.at)}`,
    body: html`<main>
      ${head(run)}
      <section aria-labelledby="margins">
        <h2 id="margins">How much of each limit is used</h2>
        <p class="quiet small">The line is the limit. Of a limit from below it is the limit over what was measured.</p>
        <div class="margins">
          ${groups.map(
            ([command, rows]) =>
              html`<div>
                <h3><code>${command}</code></h3>
                <ul>
                  ${rows.map((row) => margin(row, found.get(row.id)!))}
                </ul>
              </div>`,
          )}
        </div>
      </section>
      ${groups.map(
        ([command, rows]) =>
          html`<section aria-labelledby="of-${command}">
            <h2 id="of-${command}"><code>${command}</code></h2>
            <div class="cards">
              ${rows.map((row) => card(row, found.get(row.id)!, sameMeasurements(run, row, kept).slice(-MOST_RUNS)))}
            </div>
          </section>`,
      )}
      ${numbers(run)}
    </main>`,
  });
}

function head(run: Run): Html {
  const failed = run.verdicts.filter(({ failure }) => failure !== null);
  const [met, all] = [run.verdicts.length - failed.length, run.verdicts.length];
  const { cpu, cores, memory, kernel } = run.machine;
  const versions = Object.entries(run.versions).map(([name, version]) => `${name} ${version}`);
  return html`<header>
    <p class="name">Slipstream</p>
    <h1>${failed.length === 0 ? `All ${all} budgets are kept` : `${met} of ${all} budgets are kept`}</h1>
    <p class="lead quiet">
      ${run.quick ? "The quick run: what a shared machine can judge." : "What was promised, against what was measured."}
    </p>
    ${
      failed.length === 0
        ? null
        : html`<ul class="failures">
            ${failed.map((row) => html`<li>${chip(row, true)} <a href="#${row.id}">${row.what}${which(row.percentile)}</a></li>`)}
          </ul>`
    }
    <dl class="facts">
      ${fact("Measured", html`<time datetime="${run.at}">${day(run.at)} UTC</time>`)}${fact("Commit", html`<code>${commit(run)}</code>`)}${fact("Took", `${(run.seconds / 60).toFixed(1)} minutes`)}${fact("On", `${cores} × ${cpu}, ${(memory / 2 ** 30).toFixed(0)} GB, Linux ${kernel}`)}${fact("With", versions.join(", "), true)}
    </dl>
  </header>`;
}

const fact = (name: string, value: Html | string, wide = false): Html =>
  html`<div${wide ? new Html(' class="wide"') : null}><dt>${name}</dt><dd>${value}</dd></div>`;

const MET = new Html(
  '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8.5l3.2 3.2L13 4.8" fill="none" stroke="currentColor" stroke-width="2"/></svg>',
);
const MISSED = new Html(
  '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8" fill="none" stroke="currentColor" stroke-width="2"/></svg>',
);

/** `short` is without the reason, which may be long. */
function chip({ failure }: Row, short = false): Html {
  if (failure === null) return html`<span class="chip good">${MET}met</span>`;
  return html`<span class="chip bad">${MISSED}<span>${short ? failure.replace(/:.*/s, "") : failure}</span></span>`;
}

const goal = ({ is, limit, unit }: Row): string => `${is} ${limit} ${unit}`;
const value = ({ measured, unit }: Row): string => (measured === null ? "–" : `${number(measured)} ${unit}`);

function margin(row: Row, found: Comparison): Html {
  const share = used(row);
  const percent = share === null || !Number.isFinite(share) ? "" : `${(share * 100).toFixed(0)} %`;
  return html`<li>
    <div><a href="#${row.id}">${row.what}${which(row.percentile)}</a></div>
    ${marginBar(row)}
    <div class="share">${percent}</div>
    <div class="value small">
      <span>${value(row)}</span
      ><span class="quiet">${goal(row)}</span>${row.failure === null ? null : chip(row, true)}${moved(found)}
    </div>
  </li>`;
}

/** Only what is more than noise. */
function moved(found: Comparison): Html | null {
  if (found.verdict !== "regressed" && found.verdict !== "improved") return null;
  const isWorse = found.verdict === "regressed";
  return html`<span class="${isWorse ? "bad" : "good"}">${isWorse ? "worse" : "better"}: ${change(found)}</span>`;
}

function card(row: Row, found: Comparison, series: readonly Measurement[]): Html {
  return html`<article class="panel card" id="${row.id}">
    <header>
      <h3>${row.what}${which(row.percentile)}</h3>
      ${chip(row)}
    </header>
    <div class="figures"><strong>${value(row)}</strong><span class="quiet">${goal(row)}</span>${since(found)}</div>
    <p class="quiet">${row.why}${row.note === "" ? null : html` <span class="small">(${row.note})</span>`}</p>
    <div class="plots">${distribution(row)}${trend(series)}</div>
    <p class="small quiet"><code>${row.id}</code></p>
  </article>`;
}

function since(found: Comparison): Html | null {
  if (found.base === null || found.worse === null) return null;
  const what =
    moved(found) ??
    html`<span>${found.verdict === "same" ? "no change beyond noise" : found.verdict}, ${change(found)}</span>`;
  return html`<span class="small quiet">${what} since ${day(found.base.run.at)} (${found.because})</span>`;
}

function numbers({ verdicts }: Run): Html {
  return html`<details class="panel">
    <summary>All numbers</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="All numbers">
      <table>
        <thead>
          <tr>
            <th scope="col">Budget</th>
            <th scope="col" class="right">Goal</th>
            <th scope="col" class="right">Measured</th>
            <th scope="col" class="right">Samples</th>
            <th scope="col">Verdict</th>
            <th scope="col">Beside it</th>
          </tr>
        </thead>
        <tbody>
          ${verdicts.map(
            (row) =>
              html`<tr>
                <th scope="row"><a href="#${row.id}">${row.id}</a>${which(row.percentile)}</th>
                <td class="right">${goal(row)}</td>
                <td class="right">${value(row)}</td>
                <td class="right">${row.samples.length.toLocaleString("en")}</td>
                <td>${chip(row)}</td>
                <td>${row.note}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
